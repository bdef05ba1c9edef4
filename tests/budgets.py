"""What each page and each endpoint may cost, gathered from where it is declared."""

from rounds.views import Calendar, Home, MatrixPage
from tradeinit.api import RESOURCES
from tradeinit.budgets import Budget

LISTS = {name: listing.budgets for name, listing in RESOURCES.items()}
RECORDS = {
    str(listing.model()._meta.model_name): listing.record_budgets
    for listing in RESOURCES.values()
    if listing.record_budgets
} | {
    # A party that others are members of: less is known of it.
    "bloc": {"json": Budget(2, 10, 20), "page": Budget(9, 30, 60)},
    "home": Home.budgets,
    "matrix": MatrixPage.budgets,
    "calendar": Calendar.budgets,
}
