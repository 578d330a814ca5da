"""Settings: layers, defaults, and what production refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import ConfigError
from config.settings import INSTALLED, load_bureau, load_devices, load_terminal
from tests.config.files import HOME, file_of


def test_a_terminal_needs_no_file_to_start_in_development() -> None:
    settings = load_terminal(None, HOME)
    assert settings.profile == "development"
    assert settings.state_dir == Path("/home/somebody/.local/state/kiosk")
    assert settings.devices.publisher == "ws://127.0.0.1:5846/xfs4iot/v1.0"
    assert settings.devices.token_file == settings.state_dir / "tokens.json"
    assert (settings.bureau.connect_timeout_s, settings.bureau.read_timeout_s) == (3.05, 15)
    assert (settings.face.threshold, settings.face.tries) == (0.80, 3)
    assert settings.offline.max_age_h == 72
    assert settings.clock.offset_s == 0


def test_the_environment_lies_over_the_file_and_the_file_over_the_defaults(tmp_path: Path) -> None:
    path = file_of(tmp_path, '[bureau]\nurl = "http://127.0.0.1:1"\nread_timeout_s = 7\n')
    settings = load_terminal(path, {**HOME, "KIOSK_BUREAU__URL": "http://127.0.0.1:2/"})
    assert settings.bureau.url == "http://127.0.0.1:2"
    assert settings.bureau.read_timeout_s == 7
    assert settings.bureau.connect_timeout_s == 3.05


def test_the_environment_can_name_the_file(tmp_path: Path) -> None:
    terminal = file_of(tmp_path, '[display]\nlang = "en-US"\n')
    devices = file_of(tmp_path, "port = 5850\n", "devices.toml")
    bureau = file_of(tmp_path, "port = 9001\n", "bureau.toml")
    assert load_terminal(None, {**HOME, "KIOSK_CONFIG": str(terminal)}).display.lang == "en-US"
    assert load_devices(None, {**HOME, "KIOSK_DEVICES_CONFIG": str(devices)}).port == 5850
    assert load_bureau(None, {**HOME, "BUREAU_CONFIG": str(bureau)}).port == 9001


def test_a_shell_on_an_installed_machine_means_that_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {name: tmp_path / "etc" / path.name for name, path in INSTALLED.items()}
    monkeypatch.setattr("config.settings.INSTALLED", files)
    assert load_devices(None, HOME).port == 5846, "nothing is installed here"
    (tmp_path / "etc").mkdir()
    with pytest.raises(ConfigError, match="there is no such file"):
        load_devices(None, HOME)
    files["KIOSK_DEVICES_CONFIG"].write_text("port = 5851\n", "utf-8")
    assert load_devices(None, HOME).port == 5851
    other = file_of(tmp_path, "port = 5852\n", "other.toml")
    assert load_devices(None, {**HOME, "KIOSK_DEVICES_CONFIG": str(other)}).port == 5852
    assert load_devices(other, HOME).port == 5852


def test_relative_paths_of_a_file_start_at_its_folder(tmp_path: Path) -> None:
    path = file_of(tmp_path, 'state_dir = "state"\n[bureau]\nca_file = "ca.pem"\n')
    settings = load_terminal(path, HOME)
    assert settings.state_dir == tmp_path / "state"
    assert settings.bureau.ca_file == tmp_path / "ca.pem"
    assert settings.devices.token_file == tmp_path / "state" / "tokens.json"


def test_a_path_of_the_environment_starts_where_the_program_was_started(tmp_path: Path) -> None:
    path = file_of(tmp_path, "")
    assert load_terminal(path, {**HOME, "KIOSK_STATE_DIR": "here"}).state_dir == Path.cwd() / "here"


def test_systemd_names_the_state_directory() -> None:
    assert load_devices(None, {"STATE_DIRECTORY": "/var/lib/kiosk"}).state_dir == Path("/var/lib/kiosk")
    production = {"KIOSK_PROFILE": "production"}
    assert load_devices(None, production).state_dir == Path("/var/lib/kiosk")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(b'\xef\xbb\xbf[display]\norientation = "landscape"\n')
    assert load_terminal(path, HOME).display.orientation == "landscape"


def test_services_take_their_names_from_their_roles_and_the_camera_its_own_process(tmp_path: Path) -> None:
    text = """
    [[services]]
    role = "idReader"
    driver = "sam-v"
    options = { port = "/dev/ttyS0", baud = 115200, exclusive = true, scale = 0.5 }
    [[services]]
    role = "faceCamera"
    driver = "camera-opencv"
    [[services]]
    role = "documentPrinter"
    driver = "ipp"
    name = "LaserPrinter"
    isolation = "process"
    [roles]
    barcodeReader = "ws://127.0.0.1:5847/xfs4iot/v1.0/Scanner"
    """
    settings = load_devices(file_of(tmp_path, text), HOME)
    assert [s.name for s in settings.services] == ["IdCardReader", "FaceCamera", "LaserPrinter"]
    assert [s.isolation for s in settings.services] == ["auto", "process", "process"]
    assert settings.services[0].options == {
        "port": "/dev/ttyS0",
        "baud": 115200,
        "exclusive": True,
        "scale": 0.5,
    }
    assert settings.roles == {"barcodeReader": "ws://127.0.0.1:5847/xfs4iot/v1.0/Scanner"}


def test_the_two_programs_of_a_terminal_do_not_trip_over_each_others_variables() -> None:
    env = {**HOME, "KIOSK_BUREAU__URL": "http://127.0.0.1:9", "KIOSK_PORT": "5850", "KIOSK_HOST": "127.0.0.1"}
    assert load_devices(None, env).port == 5850
    assert load_terminal(None, env).bureau.url == "http://127.0.0.1:9"


def test_variables_that_are_no_settings_are_left_alone() -> None:
    env = {**HOME, "KIOSK_CRASHPOINT": "before:payment.create.intent", "KIOSKS": "1", "KIOSK_CONFIG": ""}
    assert load_terminal(None, env).profile == "development"


def test_the_centre_has_a_store_and_an_address_without_a_file() -> None:
    settings = load_bureau(None, HOME)
    assert settings.database_url == "sqlite+pysqlite:////home/somebody/.local/state/bureau/bureau.db"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert load_bureau(None, {**HOME, "BUREAU_PORT": "9000"}).public_url == "http://127.0.0.1:9000"
    url = "postgresql+psycopg://bureau@db/bureau"
    assert load_bureau(None, {**HOME, "BUREAU_DATABASE__URL": url}).database_url == url


def test_production_refuses_what_only_a_demonstration_may_have(tmp_path: Path) -> None:
    text = """
    profile = "production"
    [bureau]
    url = "http://bureau.example"
    [clock]
    offset_s = 60
    [devices]
    publisher = "ws://10.0.0.1:5846/xfs4iot/v1.0"
    """
    with pytest.raises(ConfigError) as caught:
        load_terminal(file_of(tmp_path, text), {})
    assert {p.key for p in caught.value.problems} == {
        "bureau.url",
        "clock.offset_s",
        "devices.publisher",
        "terminal.asset",
    }
    assert "https://" in str(caught.value)


def test_production_devices_stay_inside_the_machine() -> None:
    env = {"KIOSK_PROFILE": "production", "KIOSK_HOST": "0.0.0.0"}
    with pytest.raises(ConfigError, match="use 127.0.0.1 in production"):
        load_devices(None, env)


def test_a_production_centre_must_say_the_address_it_prints() -> None:
    with pytest.raises(ConfigError, match="public_url: is missing"):
        load_bureau(None, {"BUREAU_PROFILE": "production"})
