"""What a manager left alone on the page of a correction is not proposed."""

from apps.plans.filing.forms import CorrectionForm
from apps.records import api as records
from apps.records.correcting.queries import FormField
from apps.records.models import LedgerEntry


def shown(seconds):
    """A sitting of which so much counts now."""
    fields = [FormField("effective_s", "有效学习时间", "seconds", "", seconds), FormField("note", "补充说明", "text", "", "")]
    return records.Correctable(LedgerEntry(kind="STUDY_SESSION"), fields, "", None)


def sent(**changes):
    page = {"initial-effective_s": "10:00", "effective_s": "10:00", "note": "", "reason": "监控显示本人离岗"}
    form = CorrectionForm({**page, **changes}, found=shown("12:00"))
    assert form.is_valid()
    return form.values()


def test_hours_that_grew_while_the_page_was_open_are_not_taken_by_a_note():
    assert sent(note="当天停电半小时") == {"note": "当天停电半小时"}
    assert sent(effective_s="8:00") == {"effective_s": "8:00"}


def test_the_page_says_what_it_showed():
    assert 'name="initial-effective_s" value="12:00"' in str(CorrectionForm(found=shown("12:00")).as_shown())
