"""The rules of the house that no single feature could keep."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

BASE = Path(settings.BASE_DIR)
PACKAGES = ("cases", "appeals", "ua_tracker")
EDGES = ("views", "admin", "forms", "urls", "api", "feeds", "receivers", "management")
TEMPLATES = sorted((BASE / "templates").rglob("*.*"))

# --- Who may import whom ----------------------------------------------------------------------------------------------


def modules(*packages: str) -> list[Path]:
    found = [path for package in packages for path in sorted((BASE / package).rglob("*.py"))]
    assert found, "no code found: the rule would check nothing"
    return [path for path in found if "migrations" not in path.parts]


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where a name is from"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_cases_never_import_appeals() -> None:
    wrong = [(path.name, name) for path in modules("cases") for name in imported(path) if name.startswith("appeals")]

    assert wrong == []


def test_inner_modules_never_import_an_edge() -> None:
    edges = tuple(f"{package}.{edge}" for package in PACKAGES for edge in EDGES)

    def is_edge(path: Path) -> bool:
        parts = [part.removesuffix(".py") for part in path.relative_to(BASE).parts]
        return bool({*EDGES, "apps", "templatetags", "wsgi"} & set(parts))

    wrong = [
        (str(path.relative_to(BASE)), name)
        for path in modules("cases", "appeals")
        if not is_edge(path)
        for name in imported(path)
        if any(name == edge or name.startswith(f"{edge}.") for edge in edges)
    ]

    assert wrong == []


def test_models_and_querysets_never_import_verbs() -> None:
    verbs = (
        *("publishing", "checks", "letters", "printing", "reports", "totals", "reminders", "outbox", "emails"),
        *("embassies", "pieces", "pdf", "press", "word", "stationery", "packs", "handovers", "contacts", "sending"),
    )
    wrong = [
        (str(path.relative_to(BASE)), name)
        for path in modules("cases", "appeals")
        if "models" in path.parts or path.name == "querysets.py"
        for name in imported(path)
        if name.split(".")[0] in ("cases", "appeals") and name.split(".")[1] in verbs
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("library", "user"), [("weasyprint", "appeals/pdf.py"), ("docx", "appeals/word.py"), ("pypdf", "appeals/packs.py")]
)
def test_one_module_alone_knows_each_file_format(library: str, user: str) -> None:
    users = {
        str(path.relative_to(BASE))
        for path in modules(*PACKAGES)
        if any(name.split(".")[0] == library for name in imported(path))
    }

    assert users == {user}


PRESS = ("appeals.pdf", "appeals.press", "appeals.confinement")


def test_the_press_needs_nothing_of_django_and_nothing_else_of_ours() -> None:
    """It runs as a process of its own, with no settings and so with no secret in reach."""
    paths = [BASE / "appeals" / "__init__.py", *(BASE / f"{name.replace('.', '/')}.py" for name in PRESS)]
    wrong = [
        (path.name, name)
        for path in paths
        for name in imported(path)
        if name.split(".")[0] in ("django", "celery", *PACKAGES)
        and not any(name == known or name.startswith(f"{known}.") for known in PRESS)
    ]

    assert wrong == []


def test_the_press_is_imported_without_settings() -> None:
    code = (
        "import sys, appeals.press\n"
        "ours = ('django', 'appeals', 'cases', 'ua_tracker')\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ours))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=BASE, env={}, capture_output=True, text=True, timeout=60, check=True
    )

    assert ast.literal_eval(done.stdout) == ["appeals", *sorted(PRESS)]


# --- What never stands in code and templates --------------------------------------------------------------------------


def places(pattern: str, paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(BASE)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line, re.IGNORECASE)
    ]


def test_nothing_is_exempt_from_escaping() -> None:
    assert places(r"\bmark_safe\b|\bSafe(String|Text)\(|\bhtml_safe\b|__html__", modules(*PACKAGES)) == []
    assert places(r"\|\s*safe(seq)?\b|autoescape\s+off", TEMPLATES) == []


def test_templates_have_nothing_inline() -> None:
    """The Content-Security-Policy would refuse it; the page must not count on it."""
    pages = [path for path in TEMPLATES if path.suffix == ".html"]

    assert len(pages) > 20
    assert places(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style\b|javascript:", pages) == []
    assert places(r"<script\b(?![^>]*\bsrc=)", pages) == []


def test_templates_load_nothing_from_elsewhere() -> None:
    assert places(r"\b(src|srcset|data|poster)\s*=\s*[\"'](https?:)?//", TEMPLATES) == []
    assert places(r"<link\b[^>]*href=[\"'](https?:)?//", TEMPLATES) == []


def test_styles_load_nothing_from_elsewhere() -> None:
    styles = sorted((BASE / "static" / "css").glob("*.css"))

    assert styles
    assert places(r"@import|url\(\s*[\"']?(https?:)?//", styles) == []


def test_each_email_has_a_subject_a_text_and_an_html_part() -> None:
    emails = [path for path in sorted((BASE / "templates" / "emails").iterdir()) if path.is_dir()]

    assert emails
    assert {path.name: {part.name for part in path.iterdir()} for path in emails} == {
        path.name: {"subject.txt", "body.txt", "body.html"} for path in emails
    }


# --- What is written down ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def variables() -> set[str]:
    """Every name that the settings read from the environment."""
    tree = ast.parse((BASE / "ua_tracker" / "settings.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_env_example_names_every_variable() -> None:
    example = (BASE / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?\s*([A-Z][A-Z_]+)=", example, re.MULTILINE))

    assert {"SECRET_KEY", "DATABASE_URL", "EMBEDDED"} <= variables()
    assert variables() - named == set()


@pytest.mark.parametrize(
    ("name", "floor", "why"),
    [
        ("weasyprint", (70, 0), "CVE-2026-55073: before 70.0 there are ways around a url_fetcher"),
        ("django", (5, 2, 19), "CVE-2026-7666: before 5.2.19 STARTTLS can be stripped"),
    ],
)
def test_nothing_older_than_the_security_release_is_used(name: str, floor: tuple[int, ...], why: str) -> None:
    requirements = (BASE / "requirements.txt").read_text(encoding="utf-8")
    pinned = re.search(rf"^{name}==([\d.]+)", requirements, re.MULTILINE)

    assert pinned, f"{name} is not pinned"
    for number in (pinned[1], version(name)):
        assert tuple(int(part) for part in number.split(".")) >= floor, f"{name} {number}: {why}"


# --- Half a configuration is refused ----------------------------------------------------------------------------------

WHOLE = {
    "EMBEDDED": "off",
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgres://ua:secretword@127.0.0.1:5432/ua",
    "REDIS_URL": "redis://:secretword@127.0.0.1:6379/0",
    "EMAIL_URL": "smtp://ua:secretword@127.0.0.1:25",
    "ALLOWED_HOSTS": "actions.example.org",
    "SITE_URL": "https://actions.example.org",
}


def check(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in a process of its own. An empty value wins over what a `.env` beside the project says."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "ua_tracker.settings",
        "DATA_DIR": str(tmp_path),
        **WHOLE,
        **changes,
    }
    return subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=BASE, env=environment, capture_output=True, text=True, timeout=60
    )


def test_a_whole_configuration_is_taken(tmp_path: Path) -> None:
    done = check(tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_embedded_default_needs_only_a_key(tmp_path: Path) -> None:
    nothing = dict.fromkeys(WHOLE, "")

    del nothing["SITE_URL"], nothing["ALLOWED_HOSTS"], nothing["DATABASE_URL"]  # absent, not empty

    done = check(tmp_path, **{**nothing, "EMBEDDED": "on", "SECRET_KEY": "k" * 50})

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "EMBEDDED"])
def test_a_missing_variable_stops_the_start_with_one_sentence(tmp_path: Path, name: str) -> None:
    done = check(tmp_path, **{name: ""})

    assert done.returncode == 1
    assert done.stderr == (
        f"Not configured: {name} must be set. See .env.example, or start with `make run`, which needs none of them.\n"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres//ua:secretword@db/ua"),
        ("DATABASE_URL", "oracle://ua:secretword@db/ua"),
        ("DATABASE_URL", "postgres://ua:secretword@db:port/ua"),
        ("DATABASE_URL", "postgres://ua:secretword@db:5432"),
        ("REDIS_URL", "http://:secretword@redis/0"),
        ("REDIS_URL", "secretword"),
        ("SITE_URL", "secretword.example.org"),
        ("SITE_URL", "ftp://secretword.example.org"),
        ("SECRET_KEY", "secretword"),
    ],
)
def test_a_broken_variable_is_named_but_its_value_is_not(tmp_path: Path, name: str, value: str) -> None:
    done = check(tmp_path, **{name: value})

    assert done.returncode == 1
    assert re.fullmatch(rf"Not configured: {name} (is not|must) .+\n", done.stderr), done.stderr
    assert "secretword" not in done.stdout + done.stderr
