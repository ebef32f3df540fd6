"""Who somebody is, as a file tells it (一人一档): fills `records.PERSONS`. Numbers masked, no picture."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.people import queries
from apps.people.identity.models import Identity
from apps.people.models import Learner
from apps.people.organisation import qualifications
from apps.people.organisation.qualifications import QualificationView
from apps.people.shapes import LearnerView, learner_view
from apps.records.api import PersonFields, Table
from infra.kit import clock
from tenants.api import current_site

NONE = "—"
_STATES = {
    "expired": gettext_lazy("已过期"),
    "review": gettext_lazy("复审逾期"),
    "soon": gettext_lazy("即将到期"),
    "valid": gettext_lazy("有效"),
}


class PersonsOfFiles:
    """Plug for `apps.records.ports.PERSONS`."""

    def person(self, subject: UUID) -> PersonFields:
        """Return one person, archived ones too; five queries."""
        row = queries.learner_row(subject)
        view = learner_view(row)
        paths = dict(queries.units())
        unit = paths.get(row.unit_id or 0, view.unit)
        label = " · ".join(filter(None, [unit, view.position, view.role_label]))
        held = qualifications.of_learner(row.pk, on=clock.shanghai_date(clock.now()))
        facts = [*_identity(view), *_work(row, view, unit), *_portrait(row)]
        return PersonFields(subject, view.name, unit, label, facts, _qualifications(held))


def _identity(view: LearnerView) -> list[tuple[str, str]]:
    return [
        (_("姓名"), view.name),
        (_("性别"), str(Learner.Sex(view.sex).label)),
        (_("证件类型"), _("居民身份证")),
        (_("证件号码"), view.masked_id),
        (_("手机"), view.masked_mobile),
    ]


def _work(row: Learner, view: LearnerView, unit: str) -> list[tuple[str, str]]:
    site = current_site()
    fitness = str(Learner.Fitness(row.fitness).label) if row.fitness else _("未登记")
    checked = f"{fitness}（{row.fitness_on.isoformat()}）" if row.fitness and row.fitness_on else fitness
    return [
        (_("单位"), f"{site.name}（{site.uscc}）"),
        (_("部门"), unit or NONE),
        (_("岗位"), view.position or NONE),
        (_("工种"), row.trade or NONE),
        (_("工号"), view.employee_no or NONE),
        (_("人员类别"), view.role_label),
        (_("用工形式"), view.employment_label or NONE),
        (_("入职日期"), view.hired_on.isoformat() if view.hired_on else NONE),
        (_("学历"), str(Learner.Education(row.education).label) if row.education else NONE),
        (_("职业禁忌核查"), checked),
        (_("状态"), str(Learner.Status(row.status).label)),
    ]


def _portrait(row: Learner) -> list[tuple[str, str]]:
    """Return how somebody is known by face; the picture itself is for those who decide about it (PIPL art. 28), never for a file."""
    known = Identity.objects.filter(learner=row).first()
    if known is None or not known.method:
        told = _("未采集")
    elif known.is_enrolled and known.enrolled_at:
        told = _("人脸已于 %(day)s 登记，照片加密保存，不随档案提供") % {
            "day": clock.shanghai_date(known.enrolled_at).isoformat()
        }
    else:
        told = _("本人选择短信验证码，未采集照片")
    return [(_("照片与人像特征"), told)]


def _qualifications(held: list[QualificationView]) -> Table:
    heads = [_("类别"), _("作业项目"), _("证书编号"), _("有效期至"), _("复审、换证日期"), _("状态")]
    rows = [
        [one.kind, one.item or NONE, one.masked_number or NONE, one.expires_on.isoformat(),
         one.review_on.isoformat() if one.review_on else NONE, str(_STATES.get(one.state, one.state))]
        for one in held
    ]  # fmt: skip
    return Table(_("特种作业与特种设备证书"), heads, rows, (4, 4, 4, 3, 3, 2))
