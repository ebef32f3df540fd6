import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("owner_id", models.BigIntegerField(help_text="Credential of who sends it")),
                (
                    "provider_schema",
                    models.CharField(blank=True, help_text="Enterprise of the sender; empty: the platform", max_length=63),
                ),
                ("purpose", models.CharField(max_length=20)),
                ("file_name", models.CharField(max_length=255)),
                ("size", models.PositiveBigIntegerField()),
                ("part_size", models.PositiveIntegerField()),
                (
                    "fingerprint",
                    models.CharField(blank=True, help_text="The browser's mark of the file, to find it again", max_length=64),
                ),
                (
                    "remote",
                    models.CharField(blank=True, help_text="Id of the multipart upload at the object store", max_length=1024),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "上传中"), ("CHECKING", "检查中"), ("READY", "可使用"), ("REFUSED", "未通过检查")],
                        default="OPEN",
                        max_length=8,
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=10)),
                ("content_type", models.CharField(blank=True, max_length=100)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("is_scanned", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["state", "touched_at"], name="upload_waiting")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("part_size__gt", 0), ("size__gt", 0)), name="upload_has_bytes"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "READY"), _negated=True),
                            models.Q(models.Q(("kind", ""), _negated=True), models.Q(("sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="ready_upload_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "REFUSED"), _negated=True), models.Q(("error", ""), _negated=True), _connector="OR"
                        ),
                        name="refused_upload_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN"), models.Q(("fingerprint", ""), _negated=True)),
                        fields=("provider_schema", "owner_id", "purpose", "fingerprint", "size"),
                        name="one_open_upload_of_a_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("etag", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "upload",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="uploads.upload"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("upload", "number"), name="part_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1), ("size__gt", 0)), name="part_numbers_from_one"),
                ],
            },
        ),
    ]
