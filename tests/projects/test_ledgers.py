"""The ledgers of this floor are declared one subject a file."""

from core.ledgers.ledger import all_ledgers


def test_the_menu_follows_a_projects_life():
    keys = [ledger.key for ledger in all_ledgers() if type(ledger).__module__.startswith("projects.")]
    assert keys == [
        "projects",
        "agreements",
        "milestones",
        "arrivals",
        "progress",
        "reports",
        "investment_projects",
        "investment_moves",
        "investment_months",
        "funding_documents",
        "allocations",
        "payments",
    ]


def test_each_ledger_stands_in_the_file_of_its_name():
    own = [ledger for ledger in all_ledgers() if type(ledger).__module__.startswith("projects.")]
    assert [type(ledger).__module__ for ledger in own] == [f"projects.ledgers.{ledger.key}" for ledger in own]
