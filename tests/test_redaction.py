"""Secrets stay where they are: nothing that is read from one comes out again."""

from __future__ import annotations

import base64
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from state import CANARY, as_list, obj, record, tar, to_yaml, tree, typed

from upgradecheck.model.redact import HIDDEN, looks_secret, redact
from upgradecheck.sources import Loaded, load, read_manifests

CODED = base64.b64encode(CANARY.encode()).decode()
SECRET: dict[str, Any] = {
    **obj("v1", "Secret", "login", "shop", type="Opaque"),
    "data": {"password": CODED, "user": CODED},
    "stringData": {"plain": CANARY},
}
SECRET["metadata"]["annotations"] = {
    "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"data": {"password": CODED}}),
    "note": "kept",
}


def everything(loaded: Loaded) -> str:
    """All that anybody could print of what was read."""
    cluster = loaded.cluster
    parts: list[Any] = [loaded.problems, loaded.skipped, loaded.source, cluster.kinds(), cluster.releases]
    parts += [(repr(o), o.data) for kind in cluster.kinds() for o in cluster.of(kind)]
    parts += [o.data for r in cluster.releases for o in r.manifest or ()]
    return repr(parts)


def clean(text: str) -> bool:
    return CANARY not in text and CODED not in text and base64.b64encode(CODED.encode()).decode() not in text


WRITTEN = {
    "yaml": {"a.yaml": to_yaml(SECRET)},
    "list": {"a.yaml": to_yaml(as_list([SECRET]))},
    "typed": {"a.json": json.dumps(typed("v1", "SecretList", [SECRET]))},
    "array": {"a.json": json.dumps([SECRET])},
    "tar": {"a.tgz": tar({"a.yaml": to_yaml(SECRET)})},
}


@pytest.mark.parametrize("files", WRITTEN.values(), ids=WRITTEN)
def test_a_secret_keeps_its_keys_and_loses_its_values(tmp_path: Path, files: dict[str, Any]) -> None:
    loaded = load([tree(tmp_path, files)])
    (secret,) = loaded.cluster.of("Secret")
    assert secret.data["data"] == {"password": HIDDEN, "user": HIDDEN}
    assert secret.data["stringData"] == {"plain": HIDDEN}
    assert secret.data["metadata"]["annotations"]["note"] == "kept"
    assert secret.data["type"] == "Opaque"
    assert clean(everything(loaded))


def test_a_secret_handed_over_in_memory_is_stripped_too() -> None:
    loaded = load([SECRET, as_list([{**SECRET, "metadata": {"name": "other", "namespace": "b"}}])])
    assert len(loaded.cluster.of("Secret")) == 2
    assert clean(everything(loaded))
    assert not clean(repr(SECRET)), "the caller's own map is left alone"


def test_a_secret_that_is_about_to_be_applied(tmp_path: Path) -> None:
    objects, _ = read_manifests([tree(tmp_path, {"a.yaml": to_yaml(SECRET)})])
    assert clean(repr(objects[0].data))


@pytest.mark.parametrize("configmap", [False, True])
def test_a_release_record_is_decoded_but_never_shown(tmp_path: Path, configmap: bool) -> None:
    made = record("tiny", 1, config={"db": {"password": CANARY}}, manifest=to_yaml(SECRET), configmap=configmap)
    loaded = load([tree(tmp_path, {"a.yaml": to_yaml(made)})])
    (release,) = loaded.cluster.releases
    assert release.values is not None
    assert release.values.get("db", "password") == CANARY, "rules may look"
    assert redact(("db", "password"), CANARY) == HIDDEN, "nobody may print"
    assert release.manifest is not None
    assert clean(repr([o.data for o in release.manifest]))
    for kind in loaded.cluster.kinds():
        for found in loaded.cluster.of(kind):
            assert made["data"]["release"] not in repr(found.data)


@pytest.mark.parametrize(
    "text",
    [
        f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  password: {CODED}\n\tbad: 1\n",
        f"apiVersion: v1\nkind: Secret\ndata: {{password: {CODED}, [\n",
        f'{{"apiVersion": "v1", "kind": "Secret", "data": {{"password": "{CODED}" "x"}}}}',
        f"apiVersion: v1\nkind: Secret\nstringData:\n  password: *{CANARY}\n",
        f"apiVersion: v1\nkind: Secret\nstringData:\n  password: !{CANARY} '{CANARY}\n",
    ],
)
def test_an_error_does_not_quote_what_stands_in_a_secret(tmp_path: Path, text: str) -> None:
    loaded = load([tree(tmp_path, {"a.yaml": text})])
    assert len(loaded.problems) == 1
    assert clean(everything(loaded))


def test_a_record_that_cannot_be_decoded_tells_nothing(tmp_path: Path) -> None:
    made = record("tiny", 1)
    made["data"]["release"] = base64.b64encode(base64.b64encode(b'{"config": "' + CANARY.encode() * 20)).decode()
    loaded = load([tree(tmp_path, {"a.yaml": to_yaml(made)})])
    assert len(loaded.problems) == 1
    assert clean(everything(loaded))


HIDE = [
    ("password",),
    ("db", "adminPassword"),
    ("db", "DB_PASSWD"),
    ("auth", "token"),
    ("apiKey",),
    ("api_key",),
    ("apikey",),
    ("tls", "key"),
    ("ca", "key.pem"),
    ("azure", "clientSecret"),
    ("AWS_SECRET_ACCESS_KEY",),
    ("credentials", "value"),
    ("secret", "data", "x"),
    ("smtp", "pass"),
    ("hubble", "tls", "ca", "key"),
    ("redis-password",),
    ("sshPrivateKey",),
    ("encryptionKeys", 0),
    ("bearerToken",),
    (".dockerconfigjson",),
    ("jwt",),
]
SHOW = [
    ("image", "tag"),
    ("secretName",),
    ("tls", "secretRef"),
    ("existingSecret",),
    ("tokenTTL",),
    ("keyFile",),
    ("tolerations", 0, "key"),
    ("affinity", "nodeAffinity", "terms", 0, "key"),
    ("monkey",),
    ("keepalive",),
    ("preflight", "tolerations", 0, "operator"),
    ("passThrough",),
    ("kubeProxyReplacement",),
    ("feature", "enableSpiderSubnet"),
]


@pytest.mark.parametrize("path", HIDE, ids=str)
def test_hidden(path: Any) -> None:
    assert looks_secret(path)
    assert redact(path, CANARY) == HIDDEN
    assert redact(path, 1234) == HIDDEN


@pytest.mark.parametrize("path", SHOW, ids=str)
def test_shown(path: Any) -> None:
    assert redact(path, "value") == "value"


def test_whether_a_secret_is_set_may_be_said() -> None:
    assert redact(("password",), True) is True
    assert redact(("password",), None) is None
    assert redact(("password",), "") == ""


def test_values_are_hidden_inside_trees_and_by_their_shape() -> None:
    tree_ = {
        "replicas": 3,
        "db": {"user": "me", "password": CANARY, "hosts": ["a", f"postgres://me:{CANARY}@db/x"]},
        "env": [{"name": "DB_PASSWORD", "value": CANARY}, {"name": "MODE", "value": "fast"}],
        "blob": f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}",
        "header": f"Authorization: Bearer {CANARY}abcdef",
    }
    shown = redact((), tree_)
    assert clean(repr(shown))
    assert shown["replicas"] == 3
    assert shown["db"]["user"] == "me"
    assert shown["db"]["hosts"] == ["a", f"postgres://me:{HIDDEN}@db/x"]
    assert shown["env"][1] == {"name": "MODE", "value": "fast"}
    assert not clean(repr(tree_)), "the tree itself stays whole for the rules"


def test_a_log_does_not_show_itself(tmp_path: Path) -> None:
    pod = obj("v1", "Pod", "web-1", "shop")
    loaded = load([tree(tmp_path, {"a.yaml": to_yaml(pod), "shop/web-1.log": f"token={CANARY}\n"})])
    assert clean(repr(loaded.cluster.logs()))
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(loaded.cluster.logs())
