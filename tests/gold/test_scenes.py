"""Our scenes keep their format, their counts and what their datasheet says of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from gold import agreement, scenes, show, variety
from gold.scenes import TEI, XML_ID
from personae import lexicons
from personae.book import Book, check
from tests.gold.tiny_corpora import SCENE
from tests.stories import ROOT

FOLDER = ROOT / "gold" / "scenes"
NAMES = sorted(path.stem for path in FOLDER.glob("*.xml"))
SECOND = FOLDER / "second"
DIFFERENCES = SECOND / "differences.tsv"
PEOPLE_OF_FACTS = ("knows", "deceived", "denied_by")
LEXICONS = ("titles", "roles", "kinship", "kin_names")
NO_NAMES = {"old", *lexicons.words("honorifics")}
README = (FOLDER / "README.md").read_text(encoding="utf-8")
# what a feature list must agree with, where it can be measured; the other features need a reader
MEASURED: dict[str, Callable[[variety.Scene], bool]] = {
    "first_person": lambda s: variety.person(s) == "first",
    "second_person": lambda s: variety.person(s) == "second",
    "present_tense": lambda s: variety.tense(s) == "present",
    "dash_dialogue": lambda s: variety.style(s) == "—",
    "guillemets_low_quotes": lambda s: variety.style(s) in "«„",
    "straight_quotes": lambda s: variety.style(s) in "\"'",
    "british_single": lambda s: variety.style(s) in "‘'",
    "five_speakers": lambda s: variety.speakers(s) >= 5,
    "authors_note": lambda s: s.book.text.startswith(("A/N", "Author’s note")),
    "neopronouns": lambda s: any((e.pronouns or "").startswith(("xe", "ze")) for e in s.book.entities),
    "thoughts": lambda s: re.search(r"_[^_]+_", s.book.text) is not None,
}


@cache
def root(name: str, folder: Path = FOLDER) -> Any:
    return etree.parse(folder / f"{name}.xml").getroot()


@cache
def book(name: str, folder: Path = FOLDER) -> Book:
    return scenes.load(folder, name)


def text(name: str, folder: Path = FOLDER) -> str:
    return "\n\n".join("".join(p.itertext()) for p in root(name, folder).iter(f"{TEI}p"))


def people(name: str, folder: Path = FOLDER) -> list[str]:
    return [person.get(XML_ID) for person in root(name, folder).iter(f"{TEI}person")]


def facts(name: str) -> list[dict[str, Any]]:
    return list(json.loads((FOLDER / f"{name}.facts.json").read_text(encoding="utf-8")))


def coverage() -> dict[str, list[str]]:
    return dict(json.loads((FOLDER / "coverage.json").read_text(encoding="utf-8")))


def splits() -> dict[str, list[str]]:
    return dict(json.loads((FOLDER / "splits.json").read_text(encoding="utf-8")))


def faults(scene: Any, declared: list[str]) -> list[str]:
    """What breaks the format in the text of a scene."""
    found = [f"{child.tag} in {e.tag}" for e in scene.find(f"{TEI}text").iter() for child in e if not allowed(e, child)]
    for said in scene.iter(f"{TEI}said"):
        found += unknown(said, "who", declared) + unknown(said, "toWhom", [*declared, "none"])
        found += [f"prev={said.get('prev')}"] if said.get("prev") not in (None, "true") else []
    for rs in scene.iter(f"{TEI}rs"):
        found += unknown(rs, "ref", declared) + ([] if "".join(rs.itertext()).strip() else ["empty rs"])
    return found


def allowed(parent: Any, child: Any) -> bool:
    inside = {"text": ["body"], "body": ["p"], "p": ["said", "rs"], "said": ["rs"], "rs": ["rs"]}
    return child.tag in [TEI + name for name in inside[parent.tag.removeprefix(TEI)]]


def unknown(element: Any, attribute: str, known: list[str]) -> list[str]:
    """Ids in the attribute that nobody declares; an attribute without any is a fault too."""
    names = (element.get(attribute) or "").split()
    missing = [] if names else [f"{element.tag.removeprefix(TEI)} without {attribute}"]
    return missing + [f"unknown {attribute} {n}" for n in names if not n.startswith("#") or n[1:] not in known]


@pytest.mark.parametrize("folder", [FOLDER, SECOND], ids=["first", "second"])
@pytest.mark.parametrize("name", NAMES)
def test_a_scene_keeps_its_format(name: str, folder: Path) -> None:
    declared = people(name, folder)
    assert len(set(declared)) == len(declared)
    assert faults(root(name, folder), declared) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (' toWhom="#tom"', "said without toWhom"),
        ('ref="#tom"', "rs without ref"),
        ("#mara #tom", "unknown ref #stranger"),
        ("tied", "{http://www.tei-c.org/ns/1.0}hi in {http://www.tei-c.org/ns/1.0}p"),
    ],
)
def test_a_broken_scene_is_found(wrong: str, said: str) -> None:
    replaced = {"tied": "<hi>tied</hi>", "#mara #tom": "#stranger"}.get(wrong, "")
    scene = etree.fromstring(SCENE.replace(wrong, replaced).encode())
    assert said in faults(scene, ["mara", "tom"])


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_loads_as_a_book(name: str) -> None:
    check(book(name))
    assert book(name).text == text(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_second_annotation_is_of_the_same_text_and_people(name: str) -> None:
    assert text(name, SECOND) == text(name)
    assert people(name, SECOND) == people(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_of_a_scene_hold_together(name: str) -> None:
    assert 3 <= len(facts(name)) <= 6
    for fact in facts(name):
        assert fact.keys() == {"fact", "truth", *PEOPLE_OF_FACTS, "revealed_by"}
        assert fact["fact"].endswith(".")
        assert fact["truth"] in ("true", "false", "unresolved")
        assert not set(fact["knows"]) & set(fact["deceived"])
        assert {person for key in PEOPLE_OF_FACTS for person in fact[key]} <= set(people(name))
        assert fact["revealed_by"] is None or fact["revealed_by"] in text(name)


def test_there_are_enough_of_them() -> None:
    assert len(NAMES) >= 60
    assert sum(len(book(name).quotes) for name in NAMES) >= 2500
    assert sum(len(book(name).mentions) for name in NAMES) >= 5500
    assert {name: n for name in NAMES if not 450 <= (n := len(book(name).text.split())) <= 800} == {}


def test_each_scene_is_in_one_split() -> None:
    assert splits().keys() == {"train", "dev"}
    assert Counter(name for names in splits().values() for name in names) == Counter(NAMES)


def proper_names(name: str, folder: Path = FOLDER) -> set[str]:
    """The words of the declared names that are neither a title nor a kinship or role word."""
    titles = {word.casefold() for lexicon in LEXICONS for word in lexicons.table(lexicon)}
    names = " ".join(alias for entity in book(name, folder).entities for alias in (entity.name, *entity.aliases))
    words = re.findall(r"[^\W\d_][\w-]*", re.sub(r"['’]s\b", "", names))
    parts = {part for word in words for part in word.split("-") if word[0].isupper()}
    return {part for part in parts if {part.casefold(), f"{part.casefold()}."}.isdisjoint(titles | NO_NAMES)}


def test_train_and_dev_share_no_name() -> None:
    train, dev = (set().union(*map(proper_names, splits()[split])) for split in ("train", "dev"))
    assert train & dev == set()
    assert {"Anselm", "Davin"} <= train


def test_every_feature_is_in_four_scenes() -> None:
    counts = Counter(feature for features in coverage().values() for feature in features)
    assert sorted(coverage()) == NAMES
    assert counts.keys() == variety.FEATURES.keys()
    assert {feature: count for feature, count in counts.items() if count < 4} == {}


@pytest.mark.parametrize("feature", MEASURED)
def test_features_that_can_be_measured(feature: str) -> None:
    listed = {name for name, features in coverage().items() if feature in features}
    assert {name for name in NAMES if MEASURED[feature](variety.Scene.of(book(name)))} == listed


def test_the_datasheet_has_the_tables() -> None:
    for heading, table in variety.tables(FOLDER):
        assert f"### {heading}\n\n{table}\n" in README


def test_kappa_of_a_worked_example() -> None:
    """Fifty items, two labels: observed 0.7, by chance 0.5."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert agreement.kappa(pairs) == pytest.approx(0.4)


def test_kappa_where_chance_says_nothing() -> None:
    assert agreement.kappa([]) == 1.0
    assert agreement.kappa([("yes", "yes")] * 3) == 1.0


def test_a_layer_counts_spans_and_labels() -> None:
    layer = agreement.Layer()
    first: agreement.Labels = {(0, 4): (0,), (5, 9): (1,), (10, 12): (0, 1)}
    second: agreement.Labels = {(0, 4): (0,), (5, 9): (0,), (20, 22): (1,)}
    found = layer.add("ferry", first, second)
    assert found == [((5, 9), (1,), (0,)), ((10, 12), (0, 1), None), ((20, 22), None, (1,))]
    assert layer.spans == pytest.approx(100 * 4 / 6)
    assert layer.share == pytest.approx(50)


def test_a_kappa_by_scene_knows_who_is_there() -> None:
    """Two scenes of the worked example: each alone has 0.4, both together have others to be wrong about."""
    layer = agreement.Layer()
    for scene in ("one", "two"):
        counts = ((0, 0, 20), (0, 1, 5), (1, 0, 10), (1, 1, 15))
        layer.pairs += [((scene, (a,)), (scene, (b,))) for a, b, n in counts for _ in range(n)]
    assert layer.scene_kappa == pytest.approx(0.4)
    assert layer.kappa == pytest.approx((0.7 - 0.25) / (1 - 0.25))


def test_two_annotations_are_compared(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    (tmp_path / "ferry.xml").write_text(SCENE, encoding="utf-8")
    other = SCENE.replace('who="#tom" toWhom="#mara"', 'who="#mara" toWhom="#none"').replace("#mara #tom", "#tom #mara")
    (tmp_path / "second" / "ferry.xml").write_text(other, encoding="utf-8")
    layers, differences = agreement.compare(tmp_path, ["ferry"])
    assert (layers["speaker"].share, layers["reference"].share) == (75.0, 100.0)
    assert layers["speaker"].scene_kappa == layers["speaker"].kappa  # one scene
    assert [line.split("\t")[1:2] + line.split("\t")[3:] for line in differences] == [
        ["speaker", "Tom", "Mara"],
        ["addressee", "Mara", "nobody"],
    ]


@pytest.mark.parametrize("name", agreement.LAYERS)
def test_the_datasheet_has_the_agreement(name: str) -> None:
    layer = agreement.compare(FOLDER, NAMES)[0][name]
    figures = (f"{layer.first:,}", f"{layer.second:,}", f"{layer.spans:.1f}", f"{layer.share:.1f} %")
    kappas = (f"{layer.kappa:.3f}", f"{layer.scene_kappa:.3f}")
    assert f"| {' | '.join((name, *figures, *kappas))} |" in README


def test_what_is_left_was_settled_for_the_first() -> None:
    _, *rows = DIFFERENCES.read_text(encoding="utf-8").splitlines()
    kept = [row.rpartition("\t")[0] for row in rows if row.rpartition("\t")[2] in ("first", "both")]
    assert agreement.compare(FOLDER, NAMES)[1] == kept


def test_the_settled_differences_are_counted() -> None:
    counts = agreement.settled(DIFFERENCES)
    assert {how for _, _, how in counts} == set(agreement.HOW)
    assert {layer for layer, _, _ in counts} == agreement.LAYERS.keys()
    assert f"There were {counts.total()} differences" in README
    assert agreement.kind("unmarked", "Tom") == "marked by the second only"
    assert agreement.kind("Tom", "unmarked") == "marked by the first only"
    assert agreement.kind("Tom", "Mara") == "another person"


@pytest.mark.parametrize(
    ("paragraph", "cue"),
    [
        ('{}“Hello,”</said> said <rs ref="#mara">Mara</rs>.', "tag: name"),
        ('{}“Hello?”</said> <rs ref="#mara">she</rs> quietly asked.', "tag: pronoun"),
        ('Then <rs ref="#mara">the captain</rs> said: {}“Hello.”</said>', "tag: noun phrase"),
        ('{}“Hello.”</said> <rs ref="#mara">She</rs> said nothing more.', "beat"),
        ('<rs ref="#mara">Mara</rs> sat down. {}“Hello.”</said>', "beat"),
        ('{}“Hello, <rs ref="#tom">Tom</rs>.”</said>', "vocative"),
        ('{}“I saw <rs ref="#tom">Tom</rs> there.”</said>', "none"),
        ('<rs ref="#tom">Tom</rs> said nothing. {}“Hello.”</said>', "none"),
    ],
)
def test_what_tells_the_speaker(paragraph: str, cue: str, tmp_path: Path) -> None:
    head = SCENE[: SCENE.index("<p>")]
    content = paragraph.replace("{}", '<said who="#mara" toWhom="#tom">')
    (tmp_path / "ferry.xml").write_text(f"{head}<p>{content}</p></body></text></TEI>", encoding="utf-8")
    scene = variety.Scene.of(scenes.load(tmp_path, "ferry"))
    assert variety.cue(scene, 0) == cue


def test_a_line_may_be_told_by_the_line_before(tmp_path: Path) -> None:
    head = SCENE[: SCENE.index("<p>")]
    lines = (
        '<p><said who="#tom" toWhom="#mara">“Well, <rs ref="#mara">Mara</rs>?”</said></p>'
        '<p><said who="#mara" toWhom="#tom">“No.”</said></p><p><said who="#tom" toWhom="#mara">“Why?”</said></p>'
    )
    (tmp_path / "ferry.xml").write_text(f"{head}{lines}</body></text></TEI>", encoding="utf-8")
    scene = variety.Scene.of(scenes.load(tmp_path, "ferry"))
    assert [variety.cue(scene, n) for n in range(3)] == ["vocative", "vocative", "none"]


def test_a_page_of_a_gold_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    monkeypatch.setattr("sys.argv", ["show", "night_window", "-o", str(page), "--scenes", str(FOLDER)])
    show.main()
    assert "Davin Holt" in page.read_text(encoding="utf-8")
