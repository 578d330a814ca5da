"""librime by its C interface (``rime_api.h`` of 1.8): keys in, words out. Nothing is learned or kept.

One engine a process, for librime has one; what is being composed lives in a ``Composing``.
"""

from __future__ import annotations

import ctypes
import itertools
from ctypes import POINTER, Structure, byref, c_bool, c_char_p, c_int, c_size_t, c_void_p
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from ui.ime.errors import NoInputMethod

LIBRARY: Final = "librime.so.1"
TABLES: Final = Path("/usr/share/rime-data/build")
"""Compiled dictionaries of Debian's rime-data packages."""
SCHEMAS: Final = Path(__file__).parent / "schemas"
MOST: Final = 120
"""Words of one composition that are offered at most; nobody turns more pages."""
BACKSPACE: Final = 0xFF08
"""X11 key symbol."""
FATAL: Final = 3
"""glog's level: below it librime would write files into /tmp."""
INSTALL: Final = "apt-get install librime1 rime-data-pinyin-simp rime-data-stroke"


class Method(StrEnum):
    """How a word is spelled; ``kiosk_<value>`` is its schema in ``schemas/``."""

    PINYIN = "pinyin"
    STROKE = "stroke"


LETTERS: Final = {Method.PINYIN: frozenset("abcdefghijklmnopqrstuvwxyz"), Method.STROKE: frozenset("hspnz")}
"""What each method is spelled with; with another character librime would end the word by itself."""


class _Traits(Structure):
    _fields_ = [
        ("data_size", c_int),
        ("shared_data_dir", c_char_p),
        ("user_data_dir", c_char_p),
        ("distribution_name", c_char_p),
        ("distribution_code_name", c_char_p),
        ("distribution_version", c_char_p),
        ("app_name", c_char_p),
        ("modules", c_void_p),
        ("min_log_level", c_int),
        ("log_dir", c_char_p),
        ("prebuilt_data_dir", c_char_p),
        ("staging_dir", c_char_p),
    ]


class _Composition(Structure):
    _fields_ = [
        ("length", c_int),
        ("cursor_pos", c_int),
        ("sel_start", c_int),
        ("sel_end", c_int),
        ("preedit", c_char_p),
    ]


class _Candidate(Structure):
    _fields_ = [("text", c_char_p), ("comment", c_char_p), ("reserved", c_void_p)]


class _Menu(Structure):
    _fields_ = [
        ("page_size", c_int),
        ("page_no", c_int),
        ("is_last_page", c_int),
        ("highlighted_candidate_index", c_int),
        ("num_candidates", c_int),
        ("candidates", c_void_p),
        ("select_keys", c_char_p),
    ]


class _Context(Structure):
    _fields_ = [
        ("data_size", c_int),
        ("composition", _Composition),
        ("menu", _Menu),
        ("commit_text_preview", c_char_p),
        ("select_labels", c_void_p),
    ]


class _Commit(Structure):
    _fields_ = [("data_size", c_int), ("text", c_char_p)]


class _Candidates(Structure):
    _fields_ = [("ptr", c_void_p), ("index", c_int), ("candidate", _Candidate)]


_CALLS: Final = (
    "setup set_notification_handler initialize finalize start_maintenance is_maintenance_mode"
    " join_maintenance_thread deployer_initialize prebuild deploy deploy_schema deploy_config_file sync_user_data"
    " create_session find_session destroy_session cleanup_stale_sessions cleanup_all_sessions process_key"
    " commit_composition clear_composition get_commit free_commit get_context free_context get_status free_status"
    " set_option get_option set_property get_property get_schema_list free_schema_list get_current_schema"
    " select_schema schema_open config_open config_close config_get_bool config_get_int config_get_double"
    " config_get_string config_get_cstring config_update_signature config_begin_map config_next config_end"
    " simulate_key_sequence register_module find_module run_task get_shared_data_dir get_user_data_dir get_sync_dir"
    " get_user_id get_user_data_sync_dir config_init config_load_string config_set_bool config_set_int"
    " config_set_double config_set_string config_get_item config_set_item config_clear config_create_list"
    " config_create_map config_list_size config_begin_list get_input get_caret_pos select_candidate get_version"
    " set_caret_pos select_candidate_on_current_page candidate_list_begin candidate_list_next candidate_list_end"
).split()
"""The interface's entries in its order, up to the last one that is used."""


class _Api(Structure):
    _fields_ = [("data_size", c_int), *((name, c_void_p) for name in _CALLS)]


_SHAPES: Final[dict[str, tuple[Any, ...]]] = {
    "setup": (None, POINTER(_Traits)),
    "initialize": (None, POINTER(_Traits)),
    "start_maintenance": (c_bool, c_int),
    "join_maintenance_thread": (None,),
    "create_session": (c_size_t,),
    "destroy_session": (c_bool, c_size_t),
    "process_key": (c_bool, c_size_t, c_int, c_int),
    "clear_composition": (None, c_size_t),
    "get_commit": (c_bool, c_size_t, POINTER(_Commit)),
    "free_commit": (c_bool, POINTER(_Commit)),
    "get_context": (c_bool, c_size_t, POINTER(_Context)),
    "free_context": (c_bool, POINTER(_Context)),
    "select_schema": (c_bool, c_size_t, c_char_p),
    "select_candidate": (c_bool, c_size_t, c_size_t),
    "candidate_list_begin": (c_bool, c_size_t, POINTER(_Candidates)),
    "candidate_list_next": (c_bool, POINTER(_Candidates)),
    "candidate_list_end": (None, POINTER(_Candidates)),
}
"""What is returned, and what is passed."""


class Rime:
    """The engine. ``folder`` takes what it compiles, some 2 MB, nothing of a person.

    Takes a second or two the first time, for it compiles the spellings. Raises ``NoInputMethod``.
    """

    def __init__(self, folder: Path) -> None:
        try:
            library = ctypes.CDLL(LIBRARY)
        except OSError as error:
            raise NoInputMethod(f"{error}; Chinese text needs: {INSTALL}") from error
        missing = [name for name in ("pinyin_simp", "stroke") if not (TABLES / f"{name}.table.bin").exists()]
        if missing:
            raise NoInputMethod(
                f"no dictionary {', '.join(missing)} in {TABLES}; Chinese text needs: {INSTALL}"
            )
        library.rime_get_api.restype = POINTER(_Api)
        self._api = library.rime_get_api().contents
        self._calls = {
            name: ctypes.CFUNCTYPE(*shape)(getattr(self._api, name)) for name, shape in _SHAPES.items()
        }
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        traits = _Traits(
            data_size=_size(_Traits),
            shared_data_dir=bytes(SCHEMAS),
            user_data_dir=bytes(folder),
            distribution_name=b"kiosk",
            distribution_code_name=b"kiosk",
            distribution_version=b"1",
            app_name=b"rime.kiosk",
            min_log_level=FATAL,
            log_dir=bytes(folder),
            prebuilt_data_dir=bytes(TABLES),
        )
        self.call("setup", byref(traits))
        self.call("initialize", byref(traits))
        self.call("start_maintenance", 1)
        self.call("join_maintenance_thread")

    def call(self, name: str, *arguments: Any) -> Any:
        """One call of the C interface."""
        return self._calls[name](*arguments)


class Composing:
    """One word or phrase that is being spelled. Call from one thread."""

    def __init__(self, rime: Rime, method: Method) -> None:
        self._rime, self._letters = rime, LETTERS[method]
        self._session = c_size_t(rime.call("create_session"))
        if not rime.call("select_schema", self._session, f"kiosk_{method}".encode()):
            raise NoInputMethod(
                f"the input method {method} could not be compiled; look at its folder and disk"
            )

    def spell(self, letter: str) -> None:
        """One more letter or stroke; one that means nothing to the method changes nothing."""
        if letter in self._letters:
            self._rime.call("process_key", self._session, ord(letter), 0)

    def back(self) -> None:
        """Take the last letter back, or the word chosen last."""
        self._rime.call("process_key", self._session, BACKSPACE, 0)

    def choose(self, index: int) -> str:
        """Take word ``index``; the whole text once nothing is left to choose, else empty."""
        self._rime.call("select_candidate", self._session, index)
        commit = _Commit(data_size=_size(_Commit))
        if not self._rime.call("get_commit", self._session, byref(commit)):
            return ""
        text = str(commit.text.decode())
        self._rime.call("free_commit", byref(commit))
        return text

    def clear(self) -> None:
        """Drop what was spelled."""
        self._rime.call("clear_composition", self._session)

    def close(self) -> None:
        """Forget the session."""
        self._rime.call("destroy_session", self._session)

    @property
    def spelled(self) -> str:
        """What was spelled, as it is shown: ``yun chuan``; with what is chosen of it already."""
        context = _Context(data_size=_size(_Context))
        if not self._rime.call("get_context", self._session, byref(context)):
            return ""
        shown = str((context.composition.preedit or b"").decode())
        self._rime.call("free_context", byref(context))
        return shown

    @property
    def words(self) -> list[str]:
        """What it may mean, best first; at most ``MOST``."""
        found = _Candidates()
        if not self._rime.call("candidate_list_begin", self._session, byref(found)):
            return []
        steps = itertools.takewhile(
            lambda _: self._rime.call("candidate_list_next", byref(found)), range(MOST)
        )
        words = [str(found.candidate.text.decode()) for _ in steps]
        self._rime.call("candidate_list_end", byref(found))
        return words


def _size(kind: type[Structure]) -> int:
    """Librime's measure of a structure: without the measure itself."""
    return ctypes.sizeof(kind) - ctypes.sizeof(c_int)
