"""A mistake in each field of the settings, told with file, key and fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import ConfigError
from config.settings import load_bureau, load_devices, load_terminal
from tests.config.files import HOME, file_of

TERMINAL_MISTAKES = [
    ('profile = "test"', "profile"),
    ("state_dir = 3", "state_dir"),
    ("clock.offset_s = inf", "clock.offset_s"),
    ('log.level = "loud"', "log.level"),
    ('log.json_lines = "perhaps"', "log.json_lines"),
    ('terminal.asset = "a b"', "terminal.asset"),
    ('terminal.hall = "' + "x" * 65 + '"', "terminal.hall"),
    ('bureau.url = "bureau.example"', "bureau.url"),
    ('bureau.url = "ftp://bureau.example"', "bureau.url"),
    ('bureau.url = "http://h:99999"', "bureau.url"),
    ("bureau.ca_file = []", "bureau.ca_file"),
    ("bureau.connect_timeout_s = 0", "bureau.connect_timeout_s"),
    ("bureau.read_timeout_s = nan", "bureau.read_timeout_s"),
    ('devices.publisher = "http://127.0.0.1:5846"', "devices.publisher"),
    ("devices.watchdog_s = -1", "devices.watchdog_s"),
    ("devices.token_file = 1", "devices.token_file"),
    ('devices.roles = {faceCamera = "here"}', "devices.roles.faceCamera"),
    ('devices.role_token_files = {faceCamera = "/a"}', "devices.role_token_files"),
    (
        'devices = {roles = {faceCamera = "ws://h/x"}, role_token_files = {faceCamera = "/a"}}',
        "devices.role_token_files",
    ),
    (
        'devices = {roles = {faceCamera = "wss://h/x"}, role_token_files = {faceCamera = "a"}}',
        "devices.role_token_files",
    ),
    ('display.orientation = "upright"', "display.orientation"),
    ('display.lang = "zh"', "display.lang"),
    ('bureau.url = "https://lin:secret@bureau.example"', "bureau.url"),
    ('bureau.url = "https://bureau.example?a=1"', "bureau.url"),
    ("face.threshold = 0.1", "face.threshold"),
    ("face.tries = 0", "face.tries"),
    ("face.lock_min = -1", "face.lock_min"),
    ("idle.public_s = -5", "idle.public_s"),
    ('idle.form_s = "long"', "idle.form_s"),
    ("idle.form_s = 0.3", "idle.form_s"),
    ("idle.form_s = true", "idle.form_s"),
    ("idle.elder_s = 0", "idle.elder_s"),
    ("idle.payment_s = 1e9", "idle.payment_s"),
    ("idle.warning_s = 0", "idle.warning_s"),
    ("idle.elder_warning_s = 0", "idle.elder_warning_s"),
    ('terminal.city_rate = "0.08"', "terminal.city_rate"),
    ('staff.pins = {lin = "123456"}', "staff.pins.lin"),
    ("staff.tries = 0", "staff.tries"),
    ("staff.lock_min = -1", "staff.lock_min"),
    ("printing.pages_per_minute = 0", "printing.pages_per_minute"),
    ("payment.settle_at = '24:00'", "payment.settle_at"),
    ("offline.max_amount_fen = -1", "offline.max_amount_fen"),
    ("offline.max_age_h = 0", "offline.max_age_h"),
    ("sync.poll_s = 0", "sync.poll_s"),
    ("sync.heartbeat_s = 0", "sync.heartbeat_s"),
    ("sync.retry_first_s = 0", "sync.retry_first_s"),
    ("sync.retry_last_s = 0", "sync.retry_last_s"),
    ("keys.signature = 'rsa'", "keys.signature"),
]


DEVICE_MISTAKES = [
    ('host = ""', "host"),
    ("port = 70000", "port"),
    ("token_file = 1", "token_file"),
    ("bindings_file = 1", "bindings_file"),
    ("services = 1", "services"),
    ('services = [{driver = "sam-v"}]', "services[0].role"),
    ('services = [{role = "idReader"}]', "services[0].driver"),
    ('services = [{role = "reader", driver = "sam-v"}]', "services[0].role"),
    ('services = [{role = "idReader", driver = "SAM V"}]', "services[0].driver"),
    ('services = [{role = "idReader", driver = "sam-v", name = "7"}]', "services[0].name"),
    ('services = [{role = "idReader", driver = "sam-v", isolation = "vm"}]', "services[0].isolation"),
    ('services = [{role = "idReader", driver = "sam-v", options = {a = []}}]', "services[0].options.a"),
    (
        'services = [{role = "idReader", driver = "a"}, {role = "idReader", driver = "b", name = "B"}]',
        "services",
    ),
    (
        'services = [{role = "idReader", driver = "a", name = "Desk"}, {role = "ups", driver = "b", name = "desk"}]',
        "services",
    ),
    (
        'services = [{role = "idReader", driver = "a", name = "A"},'
        ' {role = "faceCamera", driver = "b", name = "A"}]',
        "services",
    ),
    ('roles = {idReader = "http://127.0.0.1"}', "roles.idReader"),
    ('role_token_files = {idReader = "/a"}', "role_token_files"),
    ('services = [{role = "idReader", driver = "a"}]\nroles = {idReader = "ws://127.0.0.1:1/x"}', "roles"),
]


BUREAU_MISTAKES = [
    ('host = ""', "host"),
    ("port = 0", "port"),
    ('proxies = ["10.0.0.1/24"]', "proxies[0]"),
    ('public_url = "bureau"', "public_url"),
    ('database.url = "mysql://x"', "database.url"),
    ("database.pool = 0", "database.pool"),
    ('tls.cert_file = "a.pem"', "tls"),
    ('tls.key_file = "a.pem"', "tls"),
    ('acquirer.url = "x"', "acquirer.url"),
    ("acquirer.timeout_s = 0", "acquirer.timeout_s"),
    ("acquirer.order_s = 0", "acquirer.order_s"),
    ("acquirer.card_files = 5", "acquirer.card_files"),
    ('treasury.url = "tips.example"', "treasury.url"),
    ('treasury.node = "5"', "treasury.node"),
    ("treasury.timeout_s = 0", "treasury.timeout_s"),
    ("mail.host = 5", "mail.host"),
    ('mail.port = "smtp"', "mail.port"),
    ('mail.security = "some"', "mail.security"),
    ('mail.host = "smtp.example"', "mail"),
    ('mail = {host = "smtp.example", sender = "a@b.example", security = "none"}', "mail"),
    (
        'mail = {host = "127.0.0.1", sender = "a@b.example", security = "none", user = "a", password_file = "/a"}',
        "mail",
    ),
    ('mail = {host = "smtp.example", sender = "a@b.example", user = "a"}', "mail"),
    ("mail.user = 5", "mail.user"),
    ('mail.user = "jürgen"', "mail.user"),
    ("mail.password_file = 5", "mail.password_file"),
    ("mail.ca_file = 5", "mail.ca_file"),
    ('mail.sender = "bureau.example"', "mail.sender"),
    ("mail.timeout_s = 0", "mail.timeout_s"),
    ("mail.taken_within_s = 0", "mail.taken_within_s"),
    ("mail.tried_for_hours = 0", "mail.tried_for_hours"),
    ("mail.addresses_per_day = 0", "mail.addresses_per_day"),
    ("mail.letters_per_day = 0", "mail.letters_per_day"),
    ("city.seed = -1", "city.seed"),
    ('core.url = "core.example"', "core.url"),
    ("core.timeout_s = 0", "core.timeout_s"),
    ('superior.url = "superior.example"', "superior.url"),
    ("superior.ca_file = []", "superior.ca_file"),
    ("superior.connect_timeout_s = 0", "superior.connect_timeout_s"),
    ("superior.read_timeout_s = nan", "superior.read_timeout_s"),
    ('city.as_of = "soon"', "city.as_of"),
    ("limits.body_bytes = 1", "limits.body_bytes"),
    ("limits.requests_per_minute = 0", "limits.requests_per_minute"),
    ("limits.public_looks_per_minute = 0", "limits.public_looks_per_minute"),
    ("limits.certificate_copies = 0", "limits.certificate_copies"),
    ("feedback.complaint_officers = '段丽'", "feedback.complaint_officers"),
    ("feedback.tip_off_officers = 7", "feedback.tip_off_officers"),
    ("open_data.districts = '书院区'", "open_data.districts"),
    ("limits.enrolment_minutes = 0", "limits.enrolment_minutes"),
    ("limits.sign_ins_per_minute = 0", "limits.sign_ins_per_minute"),
    ('console.url = "http://console.example"', "console.url"),
    ("console.port = 0", "console.port"),
    ('console.host = ""', "console.host"),
    ("keys.signature = 'sm2'", "keys.signature"),
]


def _only_problem(error: ConfigError, path: Path, key: str) -> None:
    assert [p.key for p in error.problems] == [key]
    (problem,) = error.problems
    assert problem.file == str(path)
    assert problem.problem and problem.fix
    assert f"{path}: {key}: " in str(error)


@pytest.mark.parametrize(("text", "key"), TERMINAL_MISTAKES, ids=[m[0][:40] for m in TERMINAL_MISTAKES])
def test_a_mistake_in_a_terminal_field_names_file_key_and_fix(tmp_path: Path, text: str, key: str) -> None:
    path = file_of(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_terminal(path, HOME)
    _only_problem(caught.value, path, key)


@pytest.mark.parametrize(("text", "key"), DEVICE_MISTAKES, ids=[m[0][:60] for m in DEVICE_MISTAKES])
def test_a_mistake_in_a_devices_field_names_file_key_and_fix(tmp_path: Path, text: str, key: str) -> None:
    path = file_of(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_devices(path, HOME)
    _only_problem(caught.value, path, key)


@pytest.mark.parametrize(("text", "key"), BUREAU_MISTAKES, ids=[m[0][:40] for m in BUREAU_MISTAKES])
def test_a_mistake_in_a_bureau_field_names_file_key_and_fix(tmp_path: Path, text: str, key: str) -> None:
    path = file_of(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_bureau(path, HOME)
    _only_problem(caught.value, path, key)


def test_every_field_of_every_program_has_a_mistake_above() -> None:
    from pydantic import BaseModel

    from config.loading import _inner_model
    from config.settings import BureauSettings, DevicesSettings, TerminalSettings

    def leaves(model: type[BaseModel], before: str = "") -> set[str]:
        found = set()
        for name, info in model.model_fields.items():
            inner = _inner_model(info)
            found |= leaves(inner, f"{before}{name}.") if inner else {before + name}
        return found

    shared = {"profile", "state_dir", "clock.offset_s", "log.level", "log.json_lines"}
    for model, mistakes in (
        (TerminalSettings, TERMINAL_MISTAKES),
        (DevicesSettings, DEVICE_MISTAKES),
        (BureauSettings, BUREAU_MISTAKES),
    ):
        keys = {key.replace("[0]", "") for _, key in mistakes}
        missing = {
            leaf
            for leaf in leaves(model)
            if not any(k == leaf or k.startswith(f"{leaf}.") or leaf.startswith(f"{k}.") for k in keys)
        }
        assert missing - (set() if model is TerminalSettings else shared) == set()


def test_a_value_where_a_table_belongs_is_told() -> None:
    with pytest.raises(ConfigError, match=r"KIOSK_BUREAU: is not a table; write \[bureau\]"):
        load_terminal(None, {**HOME, "KIOSK_BUREAU": "x"})


def test_two_services_on_one_port_are_named_and_those_on_one_of_two_hosts_are_not(tmp_path: Path) -> None:
    service = '[[services]]\nrole = "{}"\ndriver = "{}"\noptions = {{ {} }}\n'
    text = service.format("idReader", "sam-v", 'port = "/dev/ttyS0"')
    text += service.format("barcodeReader", "barcode-serial", 'port = "/dev/ttyS0"')
    with pytest.raises(ConfigError) as told:
        load_devices(file_of(tmp_path, text), HOME)
    assert "services IdCardReader and BarcodeReader have one port '/dev/ttyS0'" in str(told.value)
    assert "give each its own port" in str(told.value)
    text = service.format("receiptPrinter", "escpos-tcp", 'host = "192.0.2.1", port = 9100')
    text += service.format("invoicePrinter", "escp-tcp", 'host = "192.0.2.2", port = 9100')
    assert len(load_devices(file_of(tmp_path, text), HOME).services) == 2


def test_a_certificate_without_its_key_says_which_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="set tls.key_file, or remove both"):
        load_bureau(file_of(tmp_path, 'tls.cert_file = "a.pem"'), HOME)


def test_every_setting_says_what_it_wants() -> None:
    from pydantic import BaseModel

    from config.loading import _inner_model
    from config.settings import BureauSettings, DevicesSettings, TerminalSettings

    def silent(model: type[BaseModel]) -> list[str]:
        found = []
        for name, info in model.model_fields.items():
            inner = _inner_model(info)
            if inner is not None:
                found += silent(inner)
            elif not info.description:
                found.append(f"{model.__name__}.{name}")
        return found

    assert [
        name for model in (TerminalSettings, DevicesSettings, BureauSettings) for name in silent(model)
    ] == []


def test_all_mistakes_of_file_and_environment_are_told_together(tmp_path: Path) -> None:
    text = 'profle = "x"\n[bureau]\nurl = 1\nread_timout_s = 3\n[face]\ntries = 99\n'
    env = {**HOME, "KIOSK_IDLE__PUBLIC_S": "0", "KIOSK_DISPLY__LANG": "en-US"}
    with pytest.raises(ConfigError) as caught:
        load_terminal(file_of(tmp_path, text), env)
    found = {p.key: p for p in caught.value.problems}
    assert found.keys() == {
        "profle",
        "bureau.url",
        "bureau.read_timout_s",
        "face.tries",
        "KIOSK_IDLE__PUBLIC_S",
        "KIOSK_DISPLY__LANG",
    }
    assert found["KIOSK_IDLE__PUBLIC_S"].file == "environment"
    assert found["profle"].fix == "did you mean 'profile'?"
    assert found["bureau.read_timout_s"].fix == "did you mean 'read_timeout_s'?"
    assert found["KIOSK_DISPLY__LANG"].fix == "did you mean 'display'?"


def test_a_misspelt_variable_of_the_first_level_is_told() -> None:
    with pytest.raises(ConfigError, match="did you mean 'state_dir'"):
        load_terminal(None, {**HOME, "KIOSK_STATEDIR": "/x"})


def test_a_list_cannot_come_from_the_environment() -> None:
    with pytest.raises(ConfigError, match="set it in the file instead"):
        load_devices(None, {**HOME, "KIOSK_SERVICES": "[]"})


def test_a_variable_below_a_plain_value_is_blamed_on_the_variable() -> None:
    with pytest.raises(ConfigError) as caught:
        load_terminal(None, {**HOME, "KIOSK_IDLE__FORM_S__X": "3", "KIOSK_PROFILE__Y__Z": "3"})
    found = {problem.key: problem for problem in caught.value.problems}
    assert {problem.file for problem in found.values()} == {"environment"}
    assert found["KIOSK_IDLE__FORM_S__X"].fix == "set KIOSK_IDLE__FORM_S instead"
    assert found["KIOSK_PROFILE__Y__Z"].fix == "set KIOSK_PROFILE instead"


@pytest.mark.parametrize("text", [f"port = {'9' * 5000}", f"port = {'[' * 5000}"])
def test_a_file_that_the_reader_gives_up_on_is_named(tmp_path: Path, text: str) -> None:
    path = file_of(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_terminal(path, HOME)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    assert problem.fix


def test_a_key_like_nothing_known_is_answered_with_what_is_known(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="known here: lang, orientation"):
        load_terminal(file_of(tmp_path, "display.zzzzz = 1"), HOME)


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"a = = 1", "is not TOML"), (b"a = '\xff'", "is not UTF-8"), (None, "there is no such file")],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / "kiosk.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=problem):
        load_terminal(path, HOME)


def test_a_password_in_an_address_is_not_repeated_in_the_error() -> None:
    env = {**HOME, "BUREAU_DATABASE__URL": "mysql://bureau:hunter2@db/x"}
    with pytest.raises(ConfigError) as caught:
        load_bureau(None, env)
    assert "hunter2" not in str(caught.value)


def test_a_staff_code_written_plainly_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_terminal(file_of(tmp_path, '[staff.pins]\nlin = "864209"\n'), HOME)
    assert "staff.pins.lin" in str(caught.value)
    assert "864209" not in str(caught.value)


def test_hashes_of_staff_codes_are_not_printed_with_the_settings(tmp_path: Path) -> None:
    digest = f"scrypt:{'0' * 32}:{'1' * 64}"
    settings = load_terminal(file_of(tmp_path, f'[staff.pins]\nlin = "{digest}"\n'), HOME)
    assert settings.staff.pins == {"lin": digest}
    assert digest not in repr(settings)
