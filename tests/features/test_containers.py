"""What the containers are made of fits together: no engine is needed to see it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
JOBS = sorted((DEPLOY / "kubernetes").rglob("*.yaml"))


def documents(path: Path) -> list[dict[str, Any]]:
    return [document for document in yaml.safe_load_all(path.read_text("utf-8")) if document]


def containerfile() -> str:
    return (DEPLOY / "Containerfile").read_text("utf-8")


def test_the_image_copies_with_the_version_of_the_server():
    server = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["database"]["image"].rpartition(":")[2]
    assert re.findall(r"^ARG POSTGRES=(\d+)$", containerfile(), re.MULTILINE) == [server]


def test_the_image_holds_the_scripts_of_backup_and_restore_and_what_they_call():
    held = set(re.findall(r"deploy/(\w+\.(?:sh|py))", containerfile()))
    called = {name for script in ("backup.sh", "restore.sh") for name in re.findall(r"\$here/(\w+\.\w+)", (DEPLOY / script).read_text("utf-8"))}
    assert called == {"data_folder.sh", "backup_photos.py", "postgres.py"}
    assert called | {"backup.sh", "restore.sh"} <= held
    assert all((DEPLOY / name).exists() for name in held)


def test_services_name_services_and_volumes_that_exist():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", [])) <= set(compose["services"]), name
        named = {volume.partition(":")[0] for volume in service.get("volumes", []) if not volume.startswith("./")}
        assert named <= set(compose["volumes"]), name


@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.name)
def test_pods_mount_volumes_that_they_name_from_claims_that_exist(path: Path):
    claims = {claim["metadata"]["name"] for claim in documents(DEPLOY / "kubernetes" / "storage.yaml")}
    for document in documents(path):
        spec = document["spec"].get("jobTemplate", document)["spec"]
        pod = spec.get("template", {}).get("spec", {})
        volumes = {volume["name"]: volume.get("persistentVolumeClaim", {}).get("claimName") for volume in pod.get("volumes", [])}
        assert {claim for claim in volumes.values() if claim} <= claims
        for container in [*pod.get("containers", []), *pod.get("initContainers", [])]:
            assert {mount["name"] for mount in container["volumeMounts"]} <= set(volumes)
