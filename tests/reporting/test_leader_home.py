"""A county leader's first page: the ranking before what is to be done."""


def test_a_leader_sees_the_ranking_before_what_waits(client_for, seats, contest):
    page = client_for(seats["leader"]).get("/").content.decode()
    assert 0 < page.index("名次") < page.index("待办和提醒") < page.index("台账现状")
