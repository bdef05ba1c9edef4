"""What an app's ``admin.py`` builds on. How it works is in ``tradeinit.desk``."""

from tradeinit.desk.accounts import StaffAdmin, StaffGroupAdmin
from tradeinit.desk.forms import PublicRecordForm, RecordForm
from tradeinit.desk.inlines import PartInline, RecordInline, SourceInline
from tradeinit.desk.needs import Need, NeedFilter
from tradeinit.desk.proposals import ProposalAdmin
from tradeinit.desk.records import RecordAdmin
from tradeinit.desk.uses import WhereUsed

__all__ = [
    "Need",
    "NeedFilter",
    "PartInline",
    "ProposalAdmin",
    "PublicRecordForm",
    "RecordAdmin",
    "RecordForm",
    "RecordInline",
    "SourceInline",
    "StaffAdmin",
    "StaffGroupAdmin",
    "WhereUsed",
]
