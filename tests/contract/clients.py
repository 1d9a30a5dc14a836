"""Generates the TypeScript and Python clients of a contract and puts both before a strict type checker.

    python clients.py OPENAPI_FILE OUTPUT_FOLDER NODE_MODULES

Every operation must be a method of both. Exit status 0 when they are, 1 when not.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "put", "post", "delete", "patch")
TSCONFIG = {
    "compilerOptions": {
        "strict": True,
        "noEmit": True,
        "target": "ES2022",
        "module": "ESNext",
        "moduleResolution": "bundler",
        "lib": ["ES2022", "DOM", "DOM.Iterable"],
        "types": [],
    },
    "include": ["*.ts"],
}


class Fault(Exception):
    """What is wrong with a client."""


def operations(contract: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Method, path and operationId of each operation."""
    return [
        (method, path, item[method]["operationId"])
        for path, item in contract["paths"].items()
        for method in METHODS
        if method in item
    ]


def run(command: list[str | Path], folder: Path) -> str:
    """What a tool prints; a fault when it fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        raise Fault(f"{Path(command[0]).name} failed:\n{done.stdout[-6000:]}")
    return done.stdout


def typescript(contract: Path, wanted: list[tuple[str, str, str]], folder: Path, modules: Path) -> None:
    """openapi-typescript and openapi-fetch; the probe calls each operation, so one without a method does not compile."""
    run([modules / ".bin/openapi-typescript", contract, "-o", folder / "contract.d.ts"], folder)
    types = (folder / "contract.d.ts").read_text(encoding="utf-8")
    if lost := [name for _, _, name in wanted if f"    {name}: {{" not in types]:
        raise Fault(f"no type for {', '.join(lost)}")
    (folder / "node_modules").symlink_to(modules)
    calls = [
        f"export const {name} = (init: Init<{json.dumps(method)}, {json.dumps(path)}>) =>\n"
        f"  client.{method.upper()}({json.dumps(path)}, init);\n"
        for method, path, name in wanted
    ]
    (folder / "probe.ts").write_text(
        "import createClient, { type MaybeOptionalInit } from 'openapi-fetch';\n"
        "import type { paths } from './contract';\n\n"
        "const client = createClient<paths>({ baseUrl: 'http://127.0.0.1' });\n"
        "type Init<M extends string, P extends keyof paths> =\n"
        "  M extends keyof paths[P] ? Exclude<MaybeOptionalInit<paths[P], M>, undefined> : never;\n\n" + "\n".join(calls),
        encoding="utf-8",
    )
    (folder / "tsconfig.json").write_text(json.dumps(TSCONFIG), encoding="utf-8")
    run([modules / ".bin/tsc", "-p", folder], folder)


def python(contract: Path, wanted: list[tuple[str, str, str]], folder: Path) -> None:
    """openapi-python-client: one module per operation, each imported and checked."""
    tools = Path(sys.executable).parent
    said = run(
        [tools / "openapi-python-client", "generate", "--path", contract, "--meta", "none", "--output-path", folder / "client"],
        folder,
    )
    if "WARNING" in said or "ERROR" in said or "Unable to" in said:
        raise Fault(f"openapi-python-client could not take all of it:\n{said[-6000:]}")
    modules = {module.stem: module for module in (folder / "client/api").rglob("*.py")}
    if lost := [name for _, _, name in wanted if name not in modules]:
        raise Fault(f"no module for {', '.join(lost)}")
    if idle := [name for _, _, name in wanted if "def sync_detailed(" not in modules[name].read_text(encoding="utf-8")]:
        raise Fault(f"no method for {', '.join(idle)}")
    names = [".".join(path.relative_to(folder).with_suffix("").parts) for path in modules.values()]
    imports = "".join(f"import {name.removesuffix('.__init__')}\n" for name in sorted(names))
    run([sys.executable, "-W", "error::SyntaxWarning", "-c", imports], folder)
    # client.py is the same for every contract, and httpx's own types fault it; models and calls come from ours.
    (folder / "mypy.ini").write_text("[mypy]\nstrict = True\n[mypy-client.client]\nignore_errors = True\n", encoding="utf-8")
    run([tools / "mypy", "--config-file", folder / "mypy.ini", "--cache-dir", folder / "cache", "client"], folder)


def main(arguments: list[str]) -> int:
    if len(arguments) != 3:
        print(__doc__)
        return 2
    source, output, modules = (Path(argument).resolve() for argument in arguments)
    contract = yaml.load(source.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    wanted = operations(contract)
    shutil.rmtree(output, ignore_errors=True)
    for language in ("typescript", "python"):
        (output / language).mkdir(parents=True)
    document = output / "openapi.json"
    document.write_text(json.dumps(contract, default=str), encoding="utf-8")
    faults = 0
    for language, make in (
        ("typescript", lambda folder: typescript(document, wanted, folder, modules)),
        ("python", lambda folder: python(document, wanted, folder)),
    ):
        try:
            make(output / language)
            print(f"{language}: {len(wanted)} operations, each a method that type-checks")
        except Fault as fault:
            faults += 1
            print(f"{language}: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
