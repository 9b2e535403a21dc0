"""Which cluster is reached, as whom, and over what: kubeconfigs, plugins, impersonation, certificates, proxies."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import responses
import trustme
import yaml
from apiserver import ApiServer, dumped, raw, status
from scanning import FIXTURES, Ran, upgradecheck

from upgradecheck.errors import UpgradecheckError
from upgradecheck.sources.live import configuration, transport
from upgradecheck.sources.live.access import Access
from upgradecheck.sources.live.configuration import Target, configured
from upgradecheck.sources.live.faults import Fault
from upgradecheck.sources.live.transport import Transport

CASE = FIXTURES / "clusters" / "helm-less-good"
QUICK = ("--select", "cilium/preflight-nodes-missing", "--to", "cilium=1.12.19")


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with ApiServer(dumped(CASE / "dump")) as running:
        yield running


def scan(*options: str) -> Ran:
    return upgradecheck("scan", *QUICK, *options)


def tokens(server: ApiServer) -> set[str]:
    return {value for asked in server.seen for value in asked.header("Authorization")}


# Kubeconfigs


def write(path: Path, **config: Any) -> Path:
    path.write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "Config", **config}), encoding="utf-8")
    return path


def test_several_kubeconfigs_are_one_and_the_first_current_context_counts(
    server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As kubectl has it. The Python client alone would take the last one, which is another cluster."""
    first = write(
        tmp_path / "a",
        **{"current-context": "staging"},
        contexts=[{"name": "staging", "context": {"cluster": "s", "user": "me"}}],
        clusters=[{"name": "s", "cluster": {"server": server.address}}],
    )
    second = write(
        tmp_path / "b",
        **{"current-context": "production"},
        contexts=[{"name": "production", "context": {"cluster": "p", "user": "me"}}],
        clusters=[{"name": "p", "cluster": {"server": "https://192.0.2.1"}}],
        users=[{"name": "me", "user": {"token": "of-the-second-file"}}],
    )
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join([str(tmp_path / "not-there"), str(first), str(second)]))
    ran = scan()
    assert ran.code == 0, ran.out + ran.err
    assert ran.err.splitlines()[0] == f"context staging, server {server.address}"
    assert tokens(server) == {"Bearer of-the-second-file"}


def test_a_context_is_chosen_and_the_kubeconfig_is_left_as_it_was(server: ApiServer, tmp_path: Path) -> None:
    path = server.kubeconfig(tmp_path)
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    config["contexts"].append({"name": "other", "context": {"cluster": "c", "user": "u2"}})
    config["users"].append({"name": "u2", "user": {"token": "another"}})
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    before = path.read_bytes()
    assert scan("--kubeconfig", str(path), "--context", "other").code == 0
    assert tokens(server) == {"Bearer another"}
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("", ["--context", "x"], "x"),
        ("{", [], "cannot be read; expected a kubeconfig"),
        ("kind: Config\n", [], "no current-context; expected --context NAME"),
        ("current-context: a\ncontexts: []\n", [], "expected a kubeconfig with context a"),
        (
            "current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {}}]\n",
            [],
            "no server in its cluster",
        ),
        (
            "current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\n"
            "clusters: [{name: c, cluster: {server: 'https://x', certificate-authority: /not/there}}]\nusers: []\n",
            [],
            "File does not exist",
        ),
    ],
    ids=["empty", "broken", "no context", "unknown context", "no server", "no certificate"],
)
def test_a_kubeconfig_that_leads_nowhere_is_one_line(tmp_path: Path, text: str, options: list[str], says: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(text, encoding="utf-8")
    ran = scan("--kubeconfig", str(path), *options)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert says in ran.err


def test_what_is_wrong_in_a_kubeconfig_is_told_without_its_secrets(tmp_path: Path) -> None:
    user = {
        "name": "u",
        "user": {"token": "canary-77", "client-certificate-data": "canary-78", "tokenFile": "/not/there"},
    }
    path = write(
        tmp_path / "k",
        **{"current-context": "a"},
        contexts=[{"name": "a", "context": {"cluster": "missing", "user": "u"}}],
        clusters=[{"cluster": {"server": "https://x"}, "nameless": "canary-79"}],
        users=[user],
    )
    ran = scan("--kubeconfig", str(path), "-v")
    assert ran.code == 2
    assert "canary" not in ran.out + ran.err


def test_no_kubeconfig_at_all_asks_for_an_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "DEFAULT", "~/.kube/config")
    monkeypatch.setenv("HOME", str(tmp_path))
    ran = upgradecheck("scan")
    assert ran.code == 2
    assert ran.err.startswith("upgradecheck: no input (name a dump: a file, a folder, an archive, or -")
    ran = upgradecheck("scan", "--context", "a")
    assert "no such file; expected a kubeconfig" in ran.err


def test_without_the_extra_there_is_one_clear_line(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['kubernetes'] = None\n"
        "from upgradecheck.cli import main\nmain(['scan', '--context', 'a', '--to', 'cilium=1.12.0'])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    assert ended.returncode == 2
    assert ended.stderr.decode().strip() == (
        "upgradecheck: the live cluster needs the kubernetes client (pip install 'upgradecheck[live]')"
    )


# Who asks


def test_a_plugin_is_run_and_asked_again_when_its_token_has_run_out(server: ApiServer, tmp_path: Path) -> None:
    plugin = tmp_path / "plugin"
    count = tmp_path / "count"
    plugin.write_text(
        f"#!/bin/sh\necho x >> {count}\nn=$(wc -l < {count} | tr -d ' ')\n"
        'echo "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",'
        '\\"status\\":{\\"token\\":\\"plugin-$n\\"}}"\n',
        encoding="utf-8",
    )
    plugin.chmod(0o755)
    user = {
        "exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin), "interactiveMode": "Never"}
    }
    server.faults["/api/v1/nodes"].append(status(401))
    ran = scan("--kubeconfig", str(server.kubeconfig(tmp_path, user=user)))
    assert ran.code == 0, ran.out + ran.err
    assert tokens(server) == {"Bearer plugin-1", "Bearer plugin-2"}


def test_a_plugin_that_fails_is_told_and_nobody_asks_as_nobody(server: ApiServer, tmp_path: Path) -> None:
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "/bin/false"}}
    ran = scan("--kubeconfig", str(server.kubeconfig(tmp_path, user=user)))
    assert (ran.code, ran.out) == (2, "")
    assert "context test: its credential plugin failed: exec: process returned 1" in ran.err
    assert server.seen == []


def test_a_token_file_is_read(server: ApiServer, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file", encoding="utf-8")
    assert scan("--kubeconfig", str(server.kubeconfig(tmp_path, user={"tokenFile": "token"}))).code == 0
    assert tokens(server) == {"Bearer from-a-file"}


def test_another_user_and_each_group_are_asked_for(server: ApiServer, tmp_path: Path) -> None:
    path = str(server.kubeconfig(tmp_path))
    assert scan("--kubeconfig", path, "--as", "jane", "--as-group", "ops", "--as-group", "net").code == 0
    for asked in server.seen:
        assert asked.header("Impersonate-User") == ["jane"]
        assert asked.header("Impersonate-Group") == ["ops", "net"]
        assert asked.header("Authorization") == ["Bearer the-token"]


def test_a_pod_uses_its_own_service_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real files in place of /var/run/secrets; the server speaks TLS, as the one of a Pod does."""
    from kubernetes.config import incluster_config

    authority = trustme.CA()
    (tmp_path / "token").write_text("of-the-pod", encoding="utf-8")
    authority.cert_pem.write_to_path(tmp_path / "ca.crt")
    with ApiServer(dumped(CASE / "dump"), tls=speaking(authority, "127.0.0.1")) as server:
        host, port = server.address.removeprefix("https://").split(":")
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)

        def loaded(**more: Any) -> None:
            incluster_config.InClusterConfigLoader(
                token_filename=str(tmp_path / "token"), cert_filename=str(tmp_path / "ca.crt")
            ).load_and_set(**more)

        monkeypatch.setattr("kubernetes.config.load_incluster_config", loaded)
        ran = scan()
    assert ran.code == 0, ran.out + ran.err
    assert ran.err.startswith("context in-cluster, server https://127.0.0.1:")
    assert {token.lower() for token in tokens(server)} == {"bearer of-the-pod"}


# Certificates


def speaking(authority: trustme.CA, *names: str, clients: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        authority.configure_trust(context)
    return context


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    return made


def reached(tls: ssl.SSLContext, folder: Path, **more: Any) -> Ran:
    with ApiServer(dumped(CASE / "dump"), tls=tls) as server:
        user = more.pop("user", None)
        return scan("--kubeconfig", str(server.kubeconfig(folder, user=user, **more)))


def test_a_certificate_that_fits_is_believed(authority: trustme.CA, tmp_path: Path) -> None:
    tls = speaking(authority, "127.0.0.1")
    assert reached(tls, tmp_path, **{"certificate-authority": str(tmp_path / "ca.pem")}).code == 0


@pytest.mark.parametrize(
    ("names", "cluster", "says"),
    [
        (["127.0.0.1"], {"certificate-authority": "other.pem"}, "its certificate does not fit:"),
        (["127.0.0.1"], {}, "its certificate does not fit:"),
        (["api.example.com"], {"certificate-authority": "ca.pem"}, "its certificate does not fit: IP address mismatch"),
    ],
    ids=["of another authority", "of none", "of another name"],
)
def test_a_certificate_that_does_not_fit_ends_the_scan(
    authority: trustme.CA, tmp_path: Path, names: list[str], cluster: dict[str, str], says: str
) -> None:
    ran = reached(speaking(authority, *names), tmp_path, **cluster)
    assert ran.code == 2
    assert ran.out.startswith("STOP")
    assert says in " ".join(ran.out.split())
    assert len(ran.err.splitlines()) == 1


def test_a_server_of_another_name_is_believed_where_the_kubeconfig_says_so(
    authority: trustme.CA, tmp_path: Path
) -> None:
    cluster = {"certificate-authority": str(tmp_path / "ca.pem"), "tls-server-name": "api.example.com"}
    assert reached(speaking(authority, "api.example.com"), tmp_path, **cluster).code == 0


def test_no_certificate_is_looked_at_where_the_kubeconfig_says_so(authority: trustme.CA, tmp_path: Path) -> None:
    assert reached(speaking(authority, "127.0.0.1"), tmp_path, **{"insecure-skip-tls-verify": True}).code == 0


def test_a_person_may_be_known_by_certificate(authority: trustme.CA, tmp_path: Path) -> None:
    own = authority.issue_cert("jane@example.com")
    own.cert_chain_pems[0].write_to_path(tmp_path / "jane.pem")
    own.private_key_pem.write_to_path(tmp_path / "jane.key")
    user = {"client-certificate": str(tmp_path / "jane.pem"), "client-key": str(tmp_path / "jane.key")}
    tls = speaking(authority, "127.0.0.1", clients=True)
    assert reached(tls, tmp_path, user=user, **{"certificate-authority": str(tmp_path / "ca.pem")}).code == 0


def test_https_to_a_server_without_tls_is_told(server: ApiServer, tmp_path: Path) -> None:
    path = server.kubeconfig(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("http://", "https://"), encoding="utf-8")
    ran = scan("--kubeconfig", str(path))
    assert ran.code == 2
    assert "it does not speak TLS" in " ".join(ran.out.split()), ran.out


def test_a_server_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "pause", lambda seconds: None)
    with ApiServer([]) as gone:
        path = gone.kubeconfig(tmp_path)
    ran = scan("--kubeconfig", str(path))
    assert ran.code == 2
    assert "no connection: connection refused" in " ".join(ran.out.split()), ran.out


def test_a_proxy_of_the_kubeconfig_is_used(server: ApiServer, tmp_path: Path) -> None:
    """The API server's own address leads nowhere; the proxy is the one that answers."""
    path = server.kubeconfig(tmp_path, **{"proxy-url": server.address})
    text = path.read_text(encoding="utf-8").replace(f"server: {server.address}", "server: http://api.example.com")
    path.write_text(text, encoding="utf-8")
    server.always["/version"] = raw(b"<html>blocked</html>", "text/html", 403)
    ran = scan("--kubeconfig", str(path))
    assert ran.code == 2
    assert "a web page (403): a proxy, not the API server" in " ".join(ran.out.split()), ran.out
    assert server.paths() == ["/version"]


# The transport by itself, over answers that are made up


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(transport, "pause", waited.append)
    return waited


def target() -> Target:
    import requests

    return Target("test", "https://api.example.com", requests.Session(), lambda: {"Authorization": "Bearer t"})


@responses.activate
def test_what_may_come_on_another_try_is_asked_for_again(pauses: list[float]) -> None:
    for code in (500, 429, 503):
        responses.get("https://api.example.com/api/v1/pods", status=code, headers={"Retry-After": "3"})
    responses.get("https://api.example.com/api/v1/pods", json={"kind": "PodList", "items": []})
    asking = Transport(target(), target, 5.0)
    assert asking.json("/api/v1/pods")["kind"] == "PodList"
    assert pauses == [3.0, 3.0, 3.0]
    assert asking.requests == 4


@responses.activate
@pytest.mark.parametrize("code", [400, 403, 404, 410, 418])
def test_what_will_not_come_is_asked_for_once(pauses: list[float], code: int) -> None:
    responses.get("https://api.example.com/x", status=code)
    asking = Transport(target(), target, 5.0)
    with pytest.raises(Fault):
        asking.get("/x")
    assert (asking.requests, pauses) == (1, [])


@responses.activate
def test_credentials_are_renewed_once(pauses: list[float]) -> None:
    responses.get("https://api.example.com/x", status=401)
    renewed: list[int] = []

    def renew() -> Target:
        renewed.append(1)
        return target()

    asking = Transport(target(), renew, 5.0)
    for _ in range(2):
        with pytest.raises(Fault, match="credentials are not accepted"):
            asking.get("/x")
    assert (len(renewed), asking.requests) == (1, 2), "once it is over nothing more is asked"


@responses.activate
def test_a_date_as_retry_after_is_no_reason_to_wait_long(pauses: list[float]) -> None:
    responses.get("https://api.example.com/x", status=503, headers={"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"})
    responses.get("https://api.example.com/x", json={})
    assert Transport(target(), target, 5.0).json("/x") == {}
    assert pauses == [transport.BACKOFF[0]]


def test_configuring_sends_nothing_and_raises_nothing_else(server: ApiServer, tmp_path: Path) -> None:
    found = configured(Access(kubeconfig=str(server.kubeconfig(tmp_path))))
    assert (found.context, found.server) == ("test", server.address)
    assert found.headers() == {"Authorization": "Bearer the-token"}
    assert server.seen == []
    with pytest.raises(UpgradecheckError):
        configured(Access(kubeconfig=str(tmp_path / "none")))


def test_answers_are_told_in_json_too(server: ApiServer, tmp_path: Path) -> None:
    server.always["/apis"] = status(403)
    ran = scan("--kubeconfig", str(server.kubeconfig(tmp_path)), "-o", "json")
    (problem,) = json.loads(ran.out)["problems"]
    assert (ran.code, problem["text"]) == (2, "forbidden (403)")
    assert problem["origin"]["file"] == server.address
