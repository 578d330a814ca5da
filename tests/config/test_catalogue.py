"""Service files: what ships is right, and each mistake an author can make is told with file, key and cure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.catalogue import BUILT_IN, load_catalogue, read_service
from config.errors import ConfigError, Problem
from kiosk.steps.base import STEP_KINDS
from kiosk.steps.calculators import CALCULATORS
from kiosk.steps.choose import SOURCES
from sync.models import EffectKind
from tests.shipped import CATALOGUE

FILES = sorted(BUILT_IN.glob("*.yaml"))
TEXT = {"zh-CN": "文字", "en-US": "words"}
Service = dict[str, Any]


def service() -> Service:
    """A small service that is right."""
    return {
        "format": 1,
        "id": "test.service",
        "action": 5,
        "title": TEXT,
        "summary": TEXT,
        "icon": "cert",
        "audience": "enterprise",
        "sign_in": "R",
        "roles": ["L"],
        "offline": "online",
        "devices": {"required": ["idReader"]},
        "brings": [TEXT],
        "steps": [
            {"id": "sign-in", "kind": "identify", "mark": TEXT},
            {"id": "enterprise", "kind": "choose", "source": "roles"},
            {
                "id": "kind",
                "kind": "choose",
                "source": "entitlement",
                "ask": {"query": "invoice.entitlement"},
            },
            {"id": "count", "kind": "choose", "source": "count", "of": "kind"},
            {
                "id": "check",
                "kind": "review",
                "ask": {"query": "q", "params": {"first": "count.count"}},
                "sections": [
                    {"title": TEXT, "rows": [{"label": TEXT, "value": "count.count", "change": "count"}]}
                ],
            },
            {
                "id": "file",
                "kind": "submit",
                "effect": "e",
                "data": {"n": "count.count", "tax": {"const": "x"}},
            },
            {"id": "pay", "kind": "pay", "dues": "file.dues"},
            {"id": "slip", "kind": "slip", "heading": TEXT, "rows": [], "reference": "file.key"},
            {"id": "done", "kind": "done", "stamp": TEXT, "next": [{"icon": "x", "title": TEXT}]},
        ],
    }


def read(data: object, name: str = "test.service.yaml") -> Any:
    return read_service(yaml.safe_dump(data, allow_unicode=True).encode(), Path("folder") / name)


def wrong(data: object, name: str = "test.service.yaml") -> list[Problem]:
    """What is told; each names the file and says what to do."""
    with pytest.raises(ConfigError) as caught:
        read(data, name)
    problems = list(caught.value.problems)
    for problem in problems:
        assert problem.file == f"folder/{name}"
        assert problem.key
        assert problem.problem
        assert problem.fix
        assert str(problem) in str(caught.value)
    return problems


def at(path: str, value: object) -> Callable[[Service], None]:
    """Write ``value`` at a dotted place; ``...`` removes what stands there."""

    def change(data: Any) -> None:
        *way, last = path.split(".")
        for part in way:
            data = data[int(part)] if isinstance(data, list) else data[part]
        if value is ...:
            del data[last]
        elif isinstance(data, list):
            data[int(last)] = value
        else:
            data[last] = value

    return change


ONE_LANGUAGE = {"zh-CN": "文字"}
NO_CHINESE = {"en-US": "words"}
MISTAKES: dict[str, tuple[Callable[[Service], None], str, str, str]] = {
    # name: (change, key, part of the problem, part of the cure)
    "unknown step kind": (at("steps.5.kind", "submitt"), "steps.5.kind", "'submitt'", "submit"),
    "no step kind": (at("steps.5.kind", ...), "steps.5.kind", "missing", "submit"),
    "no English": (at("title", ONE_LANGUAGE), "title", "en-US", "every language"),
    "no Chinese": (at("title", NO_CHINESE), "title", "zh-CN", "every language"),
    "of nobody, with a sign-in": (at("unnamed", True), "unnamed", "is of nobody", "leave unnamed out"),
    "kept, and nothing is taken without the network": (
        at("steps.2.ask.kept", True),
        "steps.2.ask.kept",
        "is not for this question",
        "leave kept out",
    ),  # fmt: skip
    "no language at all": (at("title", {}), "title", "zh-CN, en-US", "every language"),
    "only blanks": (at("title", {**TEXT, "en-US": "  "}), "title", "en-US", "every language"),
    "no English in a step": (at("steps.0.mark", ONE_LANGUAGE), "steps.0.mark", "en-US", "every language"),
    "no Chinese in a step": (at("steps.8.stamp", NO_CHINESE), "steps.8.stamp", "zh-CN", "every language"),
    "no English in a list": (at("brings.0", ONE_LANGUAGE), "brings.0", "en-US", "every language"),
    "no English far inside": (
        at("steps.4.sections.0.rows.0.label", ONE_LANGUAGE),
        "steps.4.sections.0.rows.0.label",
        "en-US",
        "every language",
    ),
    "a step twice": (at("steps.3.id", "kind"), "steps.3.id", "step 2", "name of its own"),
    "a step's name with capitals": (at("steps.3.id", "Count"), "steps.3.id", "pattern", "models.py"),
    "a path that is none": (at("steps.6.dues", "File.dues"), "steps.6.dues", "no path", "months.first"),
    "a path with blanks": (at("steps.5.data.n", "count count"), "steps.5.data.n", "no path", "months.first"),
    "a path of a query": (
        at("steps.4.ask.params.first", "a..b"),
        "steps.4.ask.params.first",
        "no path",
        "months",
    ),
    "a path to no step": (at("steps.6.dues", "fil.dues"), "steps.6.dues", "'fil'", "'file'"),
    "a path to a later step": (at("steps.3.of", "file"), "steps.3.of", "'file'", "known here"),
    "data from no step": (at("steps.5.data.n", "cuont.count"), "steps.5.data.n", "'cuont'", "'count'"),
    "a value of no step": (
        at("steps.4.sections.0.rows.0.value", "coun.count"),
        "steps.4.sections.0.rows.0.value",
        "'coun'",
        "'count'",
    ),
    "a change of no step": (
        at("steps.4.sections.0.rows.0.change", "cnt"),
        "steps.4.sections.0.rows.0.change",
        "'cnt'",
        "'count'",
    ),
    "a slip about no step": (at("steps.7.reference", "fle.key"), "steps.7.reference", "'fle'", "'file'"),
    "an unknown key": (at("tittle", TEXT), "tittle", "not known", "'title'"),
    "an unknown key of a step": (at("steps.5.efect", "x"), "steps.5.efect", "not known", "'effect'"),
    "an unknown key far inside": (
        at("steps.4.sections.0.rows.0.lable", TEXT),
        "steps.4.sections.0.rows.0.lable",
        "not known",
        "'label'",
    ),
    "a key of another kind of step": (at("steps.1.effect", "x"), "steps.1.effect", "not known", "remove"),
    "a missing key": (at("icon", ...), "icon", "missing", "write it"),
    "a missing key of a step": (at("steps.5.effect", ...), "steps.5.effect", "missing", "write it"),
    "no steps": (at("steps", []), "steps", "at least 1", "models.py"),
    "no mark to begin with": (at("steps.0.mark", ...), "steps.0.mark", "missing", "progress line"),
    "nobody may use it": (at("roles", []), "roles", "missing", "L, F, T"),
    "an unknown device": (
        at("devices.required", ["idreader"]),
        "devices.required.0",
        "'idreader'",
        "idReader",
    ),
    "an unknown format": (
        at("steps.4.sections.0.rows.0.format", "monney"),
        "steps.4.sections.0.rows.0.format",
        "'monney'",
        "'money'",
    ),
    "another version of the form": (at("format", 2), "format", "2", "1"),
    "what happens offline": (at("offline", "maybe"), "offline", "'maybe'", "queue"),
    "a count of nothing": (at("steps.3.of", ...), "steps.3.of", "missing", "how many"),
    "options from nowhere": (at("steps.2.ask", ...), "steps.2.ask", "missing", "entitlement"),
    "enterprises under another name": (
        at("steps.1.id", "company"),
        "steps.1.id",
        "'company'",
        "'enterprise'",
    ),
    "a kept answer that would act": (at("offline", "cached"), "steps.5.kind", "no kept answer", "queue"),
    "a payment under another name": (at("steps.6.id", "money"), "steps.6.id", "'money'", "'pay'"),
}


def test_the_example_of_these_tests_is_right() -> None:
    assert read(service()).service.id == "test.service"


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_key_and_its_cure(name: str) -> None:
    change, key, problem, fix = MISTAKES[name]
    data = yaml.safe_load(yaml.safe_dump(service()))
    change(data)
    told = {p.key: p for p in wrong(data)}
    assert key in told, list(told)
    assert problem in told[key].problem
    assert fix in told[key].fix


def signing() -> Service:
    """The same with a statement that is signed and handed in."""
    data = service()
    facts = [{"label": TEXT, "value": "count.count"}]
    step = {"id": "sign", "kind": "sign", "heading": TEXT, "statement": TEXT, "facts": facts}
    data["steps"].insert(5, step)
    data["devices"]["fitted"] = ["signaturePad"]
    for name in ("text", "sha256", "signature", "lang", "signed_on"):
        data["steps"][6]["data"][name] = f"sign.{name}"
    return data


SIGNING: dict[str, tuple[Callable[[Service], None], str, str, str]] = {
    "no pad": (at("devices.fitted", []), "devices", "does not name signaturePad", "fitted: [signaturePad]"),
    "a signature that is not handed in": (
        at("steps.6.data.signature", "count.count"), "steps.5.id", "not handed in whole", "sign.signature"
    ),
    "a statement that fits nowhere": (
        at("steps.5.statement", {**TEXT, "en-US": "word " * 100}), "steps.5.statement.en-US", "500", "420"
    ),
    "a statement about nothing": (at("steps.5.facts", []), "steps.5.facts", "1", ""),
    "a fact of no step": (at("steps.5.facts.0.value", "cuont.count"), "steps.5.facts.0.value", "cuont", "count"),
    "two statements": (
        lambda data: data["steps"].insert(6, {**data["steps"][5], "id": "again"}), "steps.6.kind", "second sign step", "one"
    ),
    "signed without the centre": (at("offline", "cached"), "steps.5.kind", "is sign", "queue"),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNING)
def test_a_mistake_about_a_signature_is_told_with_its_key_and_its_cure(name: str) -> None:
    assert read(signing()).service.steps[5].kind == "sign"
    change, key, problem, fix = SIGNING[name]
    data = yaml.safe_load(yaml.safe_dump(signing()))
    change(data)
    told = {p.key: p for p in wrong(data)}
    assert key in told, list(told)
    assert problem in told[key].problem
    assert fix in told[key].fix


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    data = service()
    at("tittle", TEXT)(data)
    at("steps.5.effect", ...)(data)
    at("summary", ONE_LANGUAGE)(data)
    assert {p.key for p in wrong(data)} == {"tittle", "steps.5.effect", "summary"}


def test_all_mistakes_between_steps_are_told_at_once() -> None:
    data = service()
    at("steps.6.dues", "x.dues")(data)
    at("steps.7.reference", "y.total")(data)
    at("roles", [])(data)
    assert {p.key for p in wrong(data)} == {"steps.6.dues", "steps.7.reference", "roles"}


def test_a_file_under_another_name_is_told_what_to_be_called() -> None:
    (problem,) = wrong(service(), "other.service.yaml")
    assert problem.key == "id"
    assert "test.service.yaml" in problem.fix


def test_the_sheet_draws_bars_of_a_column_it_has() -> None:
    data = service()
    sheet = {
        "title": TEXT, "subtitle": TEXT, "facts": [], "rows": "check.rows", "total": [], "note": TEXT,
        "columns": [{"label": TEXT, "field": "tax_fen"}], "bars": "tax", "bars_by": "month",
    }  # fmt: skip
    data["steps"][4]["sheet"] = sheet
    (problem,) = wrong(data)
    assert (problem.key, "'tax_fen'" in problem.fix) == ("steps.4.sheet.bars", True)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"id: [unfinished\nsteps: 3\n", "line 2"),
        (b"a: 1\n\tb: 2\n", "line 2"),
        (b"id: test.service\ntitle: x\nid: test.other\n", "line 3"),
        (b"steps:\n  - id: a\n    kind: rate\n    id: b\n", "line 4"),
    ],
)
def test_broken_yaml_is_told_with_its_line(raw: bytes, line: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_service(raw, Path("folder/test.service.yaml"))
    (problem,) = caught.value.problems
    assert (problem.file, problem.key) == ("folder/test.service.yaml", line)
    assert problem.fix


@pytest.mark.parametrize("raw", [b"", b"- 1\n- 2\n", b"just words", b"\xff\xfe\x00", b"a: \x00"])
def test_what_is_no_service_at_all_is_told_as_that(raw: bytes) -> None:
    with pytest.raises(ConfigError) as caught:
        read_service(raw, Path("folder/test.service.yaml"))
    (problem,) = caught.value.problems
    assert problem.file == "folder/test.service.yaml"
    assert problem.problem
    assert problem.fix


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"? [a]\n: 1\n", "a list or a map cannot be a key"),
        (b"from: 2026-02-31\n", "day is out of range"),
        (b"a: " + b"[" * 5000, "nested too deeply"),
    ],
)
def test_what_yaml_itself_stumbles_over_is_told_all_the_same(raw: bytes, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read_service(raw, Path("folder/test.service.yaml"))


def test_yaml_builds_nothing_but_plain_values() -> None:
    with pytest.raises(ConfigError):
        read_service(b"!!python/object/apply:os.system ['true']", Path("folder/test.service.yaml"))


def test_every_wrong_file_of_a_folder_is_told(tmp_path: Path) -> None:
    for name in ("test.service", "test.other"):
        data = service()
        data["id"] = name
        at("icon", ...)(data)
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(data))
    with pytest.raises(ConfigError) as caught:
        load_catalogue(tmp_path)
    assert {Path(p.file).stem for p in caught.value.problems} == {"test.service", "test.other"}


# --- what ships -----------------------------------------------------------------------------------------------


def test_the_services_that_ship_load_in_the_order_of_the_home_screen() -> None:
    catalogue = load_catalogue()
    assert set(catalogue) == {p.stem for p in FILES}
    orders = [published.service.order for published in catalogue.values()]
    assert orders == sorted(orders)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_service_is_named_by_the_hash_of_its_bytes(path: Path) -> None:
    published = CATALOGUE[path.stem]
    assert published.hash == hashlib.sha256(path.read_bytes()).hexdigest()
    assert CATALOGUE.by_hash(published.hash) is published
    assert read_service(path.read_bytes() + b"\n# a comment\n", path).hash != published.hash
    assert CATALOGUE.by_hash("0" * 64) is None


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_what_a_service_names_is_there(path: Path) -> None:
    found = CATALOGUE[path.stem].service
    kinds = {str(kind) for kind in EffectKind}
    for step in found.steps:
        assert step.kind in STEP_KINDS
        if step.kind == "submit":
            assert step.effect in kinds
        if step.kind == "choose":
            assert step.source in SOURCES
        if step.kind == "form":
            assert step.calculator in ("", *CALCULATORS)


def test_every_kind_of_step_has_a_class() -> None:
    from config.catalogue.problems import STEPS

    assert set(STEPS) == set(STEP_KINDS)


# --- the groups of the home screen ------------------------------------------------------------------------


def group(folder: Path, name: str = "pay", **more: object) -> Path:
    """The folder with one group's file in it."""
    folder.mkdir(exist_ok=True)
    told = {"format": 1, "id": "pay", "title": TEXT, "summary": TEXT, "icon": "cert", **more}
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(told, allow_unicode=True))
    return folder


def in_group(folder: Path, name: str) -> Path:
    """The folder with one service of that group in it."""
    folder.mkdir()
    (folder / "test.service.yaml").write_text(
        yaml.safe_dump({**service(), "group": name}, allow_unicode=True)
    )
    return folder


def test_a_service_stands_in_its_group(tmp_path: Path) -> None:
    found = load_catalogue(in_group(tmp_path / "s", "pay"), group(tmp_path / "g"))
    assert [tile.id for tile in found.groups] == ["pay"]
    assert [published.service.id for published in found.of_group("pay")] == ["test.service"]
    assert found.of_group("") == found.of_group("other") == ()


def test_a_service_stands_behind_the_group_that_its_own_is_within(tmp_path: Path) -> None:
    groups = group(tmp_path / "g")
    group(tmp_path / "g", "home", id="home")
    group(tmp_path / "g", within="home")
    found = load_catalogue(in_group(tmp_path / "s", "pay"), groups)
    assert [tile.id for tile in found.groups] == ["home"]
    assert [tile.id for tile in found.within("home")] == ["pay"]
    assert found.of_group("home") == () and found.behind("home") == found.of_group("pay")
    assert found.way_to("test.service") == ("home", "pay")


@pytest.mark.parametrize("wrong", ["hme", "middle"])
def test_a_group_is_within_one_of_the_home_screen_and_of_no_other(tmp_path: Path, wrong: str) -> None:
    groups = group(tmp_path / "g", "home", id="home")
    group(tmp_path / "g", "middle", id="middle", within="home")
    group(tmp_path / "g", within=wrong)
    with pytest.raises(ConfigError) as told:
        load_catalogue(in_group(tmp_path / "s", "pay"), groups)
    (problem,) = told.value.problems
    assert (problem.key, problem.problem) == ("within", f"{wrong!r} is no tile of the home screen")
    assert "home" in problem.fix


def test_a_group_of_nobody_is_not_shown(tmp_path: Path) -> None:
    groups = group(tmp_path / "g", "other", id="other")
    assert [tile.id for tile in load_catalogue(in_group(tmp_path / "s", ""), groups).groups] == []


def test_a_group_that_is_not_there_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as told:
        load_catalogue(in_group(tmp_path / "s", "pya"), group(tmp_path / "g"))
    (problem,) = told.value.problems
    assert (problem.key, problem.problem) == ("group", "no group is called 'pya'")
    assert "pay" in problem.fix


@pytest.mark.parametrize(
    ("more", "key"),
    [({"id": "else"}, "id"), ({"place": "middle"}, "place"), ({"title": {"zh-CN": "x"}}, "title")],
)
def test_a_mistake_in_a_group_is_told_with_its_key(tmp_path: Path, more: dict[str, object], key: str) -> None:
    with pytest.raises(ConfigError) as told:
        load_catalogue(in_group(tmp_path / "s", ""), group(tmp_path / "g", **more))
    assert [problem.key for problem in told.value.problems] == [key]
