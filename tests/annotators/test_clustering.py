"""Names made people, with and without a cast."""

from __future__ import annotations

import pytest

from personae.annotators.clustering import cluster
from personae.annotators.names import Evidence, Surface, surface_of
from personae.annotators.people import HE, SHE, Person
from personae.cast import Member


def named(text: str) -> Surface:
    surface = surface_of(text.split())
    assert surface is not None
    return surface


def clustered(counts: dict[str, int], *members: Member, told: bool = True) -> dict[str, Person]:
    """Whom each name means, where all are people's; `told` if all stand in the narration."""
    found = {named(n): Evidence(count, 3.0 * count, count if told else 0) for n, count in counts.items()}
    people = cluster(found, members or None)
    return {name: people.everyone[people.bearers[named(name)]] for name in counts}


@pytest.mark.parametrize(
    ("text", "title", "core"),
    [
        ("Mr. van der Loos", "Mr.", ("van der Loos",)),
        ("Mr. Van Der Loos", "Mr.", ("van der Loos",)),
        ("Duchess Of Arlow", "Duchess", ("of Arlow",)),
        ("Simon De Vries", "", ("Simon", "de", "Vries")),
        ("Al Moreno", "", ("Al", "Moreno")),
        ("Iruka-sensei", "", ("Iruka",)),
    ],
)
def test_particles_belong_to_the_family_name(text: str, title: str, core: tuple[str, ...]) -> None:
    assert named(text) == Surface(title, core)


def test_a_cast_may_write_particles_in_capitals() -> None:
    found = clustered({"Mr. van der Loos": 4}, Member("Mr. Van Der Loos", (), None))
    assert found["Mr. van der Loos"].cast == 0


def test_a_row_that_is_a_family_name_alone_tells_nobody_apart() -> None:
    rows = Member("Harbin", (), None), Member("Josef Harbin", ("Mr. Harbin",), None), Member("Lena Harbin", (), SHE)
    found = clustered({"Mr. Harbin": 20, "Harbin": 9, "Josef Harbin": 2, "Lena Harbin": 1}, *rows)
    assert found["Harbin"].cast == found["Mr. Harbin"].cast == 1


def test_a_row_with_an_article_is_called_without_it() -> None:
    found = clustered({"Heron": 5}, Member("The Heron", (), None))
    assert found["Heron"].cast == 0


def test_a_family_in_the_plural_is_several() -> None:
    found = clustered({"Maria Orde": 9, "Miss Orde": 6, "Miss Ordes": 3, "Ordes": 2, "Mr. Hollis": 4, "Hollis": 3})
    assert found["Miss Ordes"] is found["Ordes"] and found["Ordes"].kind == "group"
    assert found["Miss Orde"].kind == "person" and found["Hollis"] is found["Mr. Hollis"]


def test_a_description_in_capitals_lends_no_name() -> None:
    rows = Member("A Young Man In The Tram Office", (), None), Member("Ira Pell", (), None)
    assert clustered({"Office": 3, "Ira Pell": 3}, *rows)["Office"].cast is None


def test_a_family_name_may_be_a_common_word() -> None:
    rows = Member("The Lodger", ("George Young",)), Member("A Young Man", ())
    found = clustered({"George Young": 4, "Young": 3}, *rows)
    assert found["George Young"].cast == found["Young"].cast == 0


def test_a_man_told_of_by_his_given_name_is_not_the_one_told_of_by_title() -> None:
    counts = {"Corin Dask": 5, "Corin": 60, "Mr. Dask": 40}
    found = clustered(counts)
    assert found["Corin"] is found["Corin Dask"] and found["Mr. Dask"] is not found["Corin"]
    called = clustered(counts, told=False)
    assert called["Mr. Dask"] is called["Corin"]


def test_a_family_name_that_is_a_given_name_too_goes_to_whom_the_story_is_about() -> None:
    found = clustered({"William Rodney": 28, "Rodney": 200, "Katharine Rodney": 1})
    assert found["Rodney"] is found["William Rodney"]


def test_a_known_name_outweighs_pronouns_beside_it() -> None:
    person = clustered({"Corin Dask": 1, "George": 100})["George"]
    person.votes[SHE] += 30
    assert person.pronouns == HE


def test_a_row_may_have_an_empty_alias() -> None:
    assert clustered({"Ira": 2}, Member("Ira", ("", " ")))["Ira"].cast == 0


def test_a_row_may_be_written_otherwise_than_the_story_does() -> None:
    found = clustered({"Mr. McBride": 6, "McBride": 2}, Member("Mr. Mcbride", ()), Member("Ada", ()))
    assert found["Mr. McBride"].cast == found["McBride"].cast == 0
    shouted = clustered({"MOTHER": 1, "Mother": 6}, Member("Mother", ()))
    assert shouted["Mother"].cast == 0


def test_a_title_alone_is_the_only_one_who_bears_it() -> None:
    found = clustered({"Captain": 9, "Captain Dask": 2, "Mr. Orde": 3, "Miss Orde": 1, "Miss": 4})
    assert found["Captain"] is found["Captain Dask"] and found["Captain"].name == "Captain Dask"
    assert found["Miss"] is not found["Miss Orde"]
    two = clustered({"Captain": 9, "Captain Dask": 2, "Captain Orde": 2})
    assert two["Captain"] not in (two["Captain Dask"], two["Captain Orde"])


def _told_and_said(told: dict[str, int], said: dict[str, int]) -> dict[str, Person]:
    """Whom each name means; some stand in the narration, some in speech alone."""
    found = {named(n): Evidence(c, 3.0 * c, c if n in told else 0) for n, c in {**told, **said}.items()}
    people = cluster(found, None)
    return {name: people.everyone[people.bearers[named(name)]] for name in {**told, **said}}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Ruvanka", "Ruv"),
        ("Ilmar Brostrade", "Brost"),
        ("Damirello", "Damo"),
        ("Tolliver", "Tolly"),
        ("Kess", "Kessandra"),
    ],
)
def test_what_people_make_of_a_name_in_speech_is_its_short_form(told: str, said: str) -> None:
    people = _told_and_said({told: 9, "Orvin": 7}, {said: 2})
    assert people[said] is people[told]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Martin", "Mary"),  # a given name of its own
        ("Johnson", "John"),
        ("Paula", "Paul"),
        ("Countess", "Count"),
    ],
)
def test_another_name_that_begins_alike_is_somebody_else(told: str, said: str) -> None:
    people = _told_and_said({told: 9}, {said: 2})
    assert people[said] is not people[told]


def test_a_short_form_of_two_names_is_nobodys_yet() -> None:
    people = _told_and_said({"Ruvanka": 9, "Ruvello": 9}, {"Ruv": 2})
    assert people["Ruv"] not in (people["Ruvanka"], people["Ruvello"])


def test_two_whom_the_story_itself_calls_so_are_two() -> None:
    people = _told_and_said({"Ruvanka": 9, "Ruv": 8}, {})
    assert people["Ruvanka"] is not people["Ruv"]
