"""Enterprises see tracks of films that a version visible to them shows; the history of tracks only grows."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only, visible_to_enterprises

# The lessons behind it are narrowed to visible versions by their own policy.
_SHOWN = "EXISTS (SELECT 1 FROM catalogue_courseware c WHERE c.media_id = subtitles_subtitletrack.media_id)"


class Migration(migrations.Migration):
    """Row-level security and triggers."""

    dependencies: ClassVar = [("subtitles", "0001_initial"), ("catalogue", "0004_visibility"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        visible_to_enterprises("subtitles_subtitletrack", _SHOWN),
        append_only("subtitles_trackrevision"),
    ]
