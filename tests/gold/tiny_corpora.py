"""Corpora of a few sentences of our own, laid out as the published ones are."""

from __future__ import annotations

import csv
from pathlib import Path

NOVEL = (
    "THE LAMP\n\n"
    'Ida put the lamp down. "It was lit," she said, "when I came."\n\n'
    '"Then somebody was here before us,\nand left," said Mr. Tove.\n\n'
    '"Out! Out!" they cried below.\n\n'
    '"I lit it," I said.\n'
)
SCENE = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>
<fileDesc><titleStmt><title>The Ferry</title></titleStmt></fileDesc>
<profileDesc><particDesc><listPerson>
<person xml:id="mara" role="present"><persName>Mara</persName><persName>Captain Venn</persName>
<gender>she/her</gender></person>
<person xml:id="tom" role="present"><persName>Tom</persName><gender>he/him</gender></person>
</listPerson></particDesc></profileDesc></teiHeader>
<text><body>
<p><rs ref="#mara">Mara</rs> tied the rope. \
<said who="#mara" toWhom="#tom">“<rs ref="#mara">I</rs> waited,”</said> \
<rs ref="#mara">she</rs> told <rs ref="#tom"><rs ref="#mara">her</rs> brother</rs>. \
<said who="#mara" toWhom="#tom" prev="true">“All night.”</said></p>
<p><said who="#tom" toWhom="#mara">“So did <rs ref="#tom">I</rs>.”</said> \
<rs ref="#mara #tom">They</rs> laughed. \
<said who="#mara #tom" toWhom="#none">“Ahoy!”</said></p>
</body></text></TEI>
"""
CONLLU = """# newdoc id = GUM_fiction_quay
# global.Entity = GRP-etype-infstat-salience-centering-minspan-link-identity
# newpar
# newpar_block = head (1 s)
# sent_id = GUM_fiction_quay-1
1\tThe\tthe\tDET\tDT\t_\t2\tdet\t_\tEntity=(1-place-new-nnn-cf1-2-coref
2\tquay\tquay\tNOUN\tNN\t_\t0\troot\t_\tEntity=1)

# newpar
# newpar_block = p (1 s)
# sent_id = GUM_fiction_quay-2
1\tOdo\tOdo\tPROPN\tNNP\t_\t3\tnsubj\t_\tEntity=(2-person-new-nnn-cf1-1-coref-Odo)
2-3\tcan't\t_\t_\t_\t_\t_\t_\t_\t_
2\tca\tcan\tAUX\tMD\t_\t4\taux\t_\t_
3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_
4\tsee\tsee\tVERB\tVB\t_\t0\troot\t_\t_
5\this\this\tPRON\tPRP$\t_\t6\tnmod\t_\tEntity=(3-person-new-nnn-cf3-2-sgl(2-person-giv-nnn-cf2-1-ana-Odo)
6\tsister\tsister\tNOUN\tNN\t_\t4\tobj\t_\tEntity=3)
7\ton\ton\tADP\tIN\t_\t8\tcase\t_\t_
8\tit\tit\tPRON\tPRP\t_\t4\tobl\t_\tEntity=(1-place-giv-nnn-cf4-1-ana)(9-abstract-new-nnn-cf4-1-sgl)|SpaceAfter=No
9\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_
"""
EWT = """# newdoc id = letter-ferry
# sent_id = letter-ferry-0001
# newpar id = letter-ferry-p0001
# text = "Don't row,
1\t"\t"\tPUNCT\t``\t_\t4\tpunct\t4:punct\tSpaceAfter=No
2-3\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
2\tDo\tdo\tAUX\tVB\t_\t4\taux\t4:aux\t_
3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t4:advmod\t_
4\trow\trow\tVERB\tVB\t_\t0\troot\t0:root\tSpaceAfter=No
5\t,\t,\tPUNCT\t,\t_\t4\tpunct\t4:punct\t_

# sent_id = letter-ferry-0002
1\tOdo\tOdo\tPROPN\tNNP\t_\t2\tnsubj\t2:nsubj\t_
2\tsang\tsing\tVERB\tVBD\t_\t0\troot\t0:root\t_
2.1\tsang\tsing\tVERB\tVBD\t_\t_\t_\t2:conj\t_
3\tnow\tnow\tADV\tRB\t_\t2\tadvmod:tmod\t2:advmod\t_

# sent_id = letter-ferry-0003
# newpar id = letter-ferry-p0002
1\tRow\trow\tVERB\tVB\t_\t0\troot\t0:root\t_
"""
EWT_DEV = """# newdoc id = letter-quay
# sent_id = letter-quay-0001
# newpar id = letter-quay-p0001
1\tWait\twait\tVERB\tVB\t_\t0\troot\t0:root\tSpaceAfter=No
2\t!\t!\tPUNCT\t.\t_\t1\tpunct\t1:punct\t_

"""
SEMCOR = """``\t_\t_\tO
Odo_Berg\tperson\tNNP\tB-noun.Tops
took_off\ttake_off\tVB\tB-verb.motion
his\this\tPRP$\tO
cap\tcap\tNN\tB-noun.artifact
''\t_\t_\tO

sea\tsea\tNN\tB-noun.object
wall\twall\tNN\tI-noun.object
entity\tentity\tNN\tB-noun.Tops
"""
SEMCOR_VERBS = "Per\tper\tNNP\tO\nslept\tsleep\tVB\tB-verb.body\n"
LITBANK_EVENTS = {"put"}
LITBANK_TEXT = "Ida , the keeper , put it on the quay .\n“ Is it lit ? ” she said .\n"
LITBANK_COREFERENCE = """MENTION\tT1\t0\t0\t0\t0\tIda\tPER\tPROP
MENTION\tT2\t0\t2\t0\t3\tthe keeper\tPER\tNOM
MENTION\tT3\t0\t8\t0\t9\tthe quay\tFAC\tNOM
MENTION\tT4\t1\t6\t1\t6\tshe\tPER\tPRON
COREF\tT1\tIda-0
APPOS\tT2\tT1
COREF\tT3\tthe_quay-1
COREF\tT4\tIda-0
"""
LITBANK_QUOTES = "QUOTE\tQ1\t1\t0\t1\t5\t“ Is it lit ? ”\nATTRIB\tQ1\tIda-0\n"
GAP = (
    "ID\tText\tPronoun\tPronoun-offset\tA\tA-offset\tA-coref\tB\tB-offset\tB-coref\tURL\n"
    "test-1\tOdo met Per before he sailed.\the\t19\tOdo\t0\tTRUE\tPer\t8\tFALSE\t-\n"
    "test-2\tOdo met Per, and he, the pilot, slept.\the\t17\tOdo\t0\tFALSE\tPer\t8\tFALSE\t-\n"
)


def split(folder: Path, name: str, *documents: str) -> None:
    (folder / "splits").mkdir(exist_ok=True)
    (folder / "splits" / f"{name}.ids").write_text("".join(f"{d}\n" for d in documents), encoding="utf-8")


def pdnc(folder: Path, line_end: str = "\n") -> Path:
    """One novel, "TheLamp", with a `_group` line and a narrator; spans count the file's bytes."""
    home = folder / "data" / "TheLamp"
    home.mkdir(parents=True)
    text = NOVEL.replace("\n", line_end)
    (home / "novel_text.txt").write_bytes(text.encode())
    characters = [
        ("Ida", "{'Ida', 'Ida'}", "F"),
        ("_group", "['_group']", "X"),
        ("Mr. Tove", "['Mr. Tove', 'Tove']", "M"),
        ("Jon", "{'_narr'}", "M"),
    ]
    quotes = [
        (["It was lit,", "when I came."], "Ida", ["Tove", "Jon"], "Anaphoric", "she said", {}),
        (
            [f"Then somebody was here before us,{line_end}and left,"],
            "Tove", ["_group"], "Explicit", "said Mr. Tove", {"somebody": ["_unknowable"], " us": ["Ida", "Tove"]},
        ),
        (["Out! Out!"], "_group", [], "Implicit", "", {}),
        (["I lit it,"], "Jon", ["Ida"], "nan", "", {}),
    ]  # fmt: skip
    _table(
        home / "character_info.csv",
        ("Character ID", "Main Name", "Aliases", "Gender", "Category"),
        [(number, *row, "minor") for number, row in enumerate(characters)],
    )
    rows = []
    for number, (parts, speaker, addressees, kind, tag, meant) in enumerate(quotes):
        spans = [[text.index(part), text.index(part) + len(part)] for part in parts]
        marked = [[text.index(part) + part.index(word), word] for part in parts for word in meant if word in part]
        mentions = [[[at, at + len(word)] for at, word in marked], *([] for _ in parts[1:])]
        people = [[meant[word] for _, word in marked], *([] for _ in parts[1:])]
        rows.append((f"Q{number}", parts, spans, speaker, addressees, kind, tag, mentions, people))
    header = (
        "quoteID", "subQuotationList", "quoteByteSpans", "speaker", "addressees", "quoteType", "referringExpression",
        "mentionSpansList", "mentionEntitiesList",
    )  # fmt: skip
    _table(home / "quotation_info.csv", header, rows)
    return folder


def scenes(folder: Path) -> Path:
    (folder / "ferry.xml").write_text(SCENE, encoding="utf-8")
    return folder


def gum(folder: Path) -> Path:
    (folder / "dep").mkdir()
    (folder / "dep" / "GUM_fiction_quay.conllu").write_text(CONLLU, encoding="utf-8")
    (folder / "splits.md").write_text(
        "# Splits\n\n## dev\n\n  * GUM_fiction_quay\n\n## test\n", encoding="utf-8"
    )
    return folder


def litbank(folder: Path) -> Path:
    for place, name, content in (
        ("coref/brat", "1_lamp_brat.txt", LITBANK_TEXT),
        ("coref/tsv", "1_lamp_brat.ann", LITBANK_COREFERENCE),
        ("quotations/tsv", "1_lamp_brat.ann", LITBANK_QUOTES),
        ("events/tsv", "1_lamp_brat.tsv", _events()),
    ):
        (folder / place).mkdir(parents=True)
        (folder / place / name).write_text(content, encoding="utf-8")
    return folder


def _events() -> str:
    """A token a line, an empty line between sentences."""
    lines = ([f"{w}\t{'EVENT' if w in LITBANK_EVENTS else 'O'}" for w in s.split()] for s in LITBANK_TEXT.splitlines())
    return "".join("\n".join(line) + "\n\n" for line in lines)


def ewt(folder: Path) -> Path:
    """One document in train, one in dev."""
    (folder / "en_ewt-ud-train.conllu").write_text(EWT, encoding="utf-8")
    (folder / "en_ewt-ud-dev.conllu").write_text(EWT_DEV, encoding="utf-8")
    return folder


def semcor(folder: Path) -> Path:
    """A document of the press, and one with verbs only."""
    for part, name, content in (("brown1", "br-a01", SEMCOR), ("brownv", "br-a03", SEMCOR_VERBS)):
        (folder / part).mkdir()
        (folder / part / f"{name}.tsv").write_text(content, encoding="utf-8")
    return folder


def gap(folder: Path) -> Path:
    (folder / "gap-validation.tsv").write_text(GAP, encoding="utf-8")
    return folder


CORPORA = {
    "pdnc": pdnc,
    "scenes": scenes,
    "gum": gum,
    "litbank": litbank,
    "gap": gap,
    "ewt": ewt,
    "semcor": semcor,
}


def _table(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
