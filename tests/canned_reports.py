"""Reports as the engine would give them, for the tests of every output format."""

from __future__ import annotations

from upgradecheck.model import (
    Evidence,
    Examined,
    Finding,
    Gap,
    Object,
    Origin,
    Problem,
    Report,
    Subject,
    Typed,
    UpgradeSummary,
    Verdict,
)


def seen(line: int, text: str = "", file: str = "objects.yaml") -> Evidence:
    return Evidence(text, Origin(file, line))


def thing(api_version: str, kind: str, namespace: str, name: str, line: int, file: str = "objects.yaml") -> Object:
    data = {"apiVersion": api_version, "kind": kind, "metadata": {"namespace": namespace, "name": name}}
    return Object.of(data, Origin(file, line))


CILIUM = Report(
    verdict=Verdict(
        go=False,
        as_typed="refused",
        says="helm refuses, cluster unchanged.",
        because=("cilium/preflight-nodes-missing", "cilium/reuse-values"),
    ),
    upgrades=(
        UpgradeSummary(
            "cilium",
            ("1.11.7",),
            "1.12.0",
            "helm upgrade cilium cilium/cilium --version 1.12.0 -n kube-system --reuse-values",
        ),
    ),
    findings=(
        Finding(
            rule="cilium/preflight-nodes-missing",
            title="The pre-flight is not ready on every node that runs an agent",
            severity="error",
            component="cilium",
            sure="observed",
            subject=Subject("DaemonSet.apps", "cilium-pre-flight-check", "kube-system"),
            message=(
                "Pre-flight is ready on 5 nodes, agents on 8. Missing node-1 node-2 node-3: taint "
                "node-role.kubernetes.io/control-plane:NoSchedule is not tolerated. 1.12.0 is untested there; "
                "agents may stop in ErrImagePull."
            ),
            outcome="breaks",
            says="agents on the nodes without a pre-flight may stop in ErrImagePull",
            objects=(
                thing("apps/v1", "DaemonSet", "kube-system", "cilium-pre-flight-check", 9607),
                thing("apps/v1", "DaemonSet", "kube-system", "cilium", 9291),
            ),
            evidence=(seen(9607, "5/5"), seen(9291, "8/8")),
            remedy=(
                Typed(
                    "before",
                    "helm upgrade cilium-preflight cilium/cilium --version 1.12.0 -n kube-system "
                    "--reset-then-reuse-values --set 'preflight.tolerations[0].operator=Exists'",
                ),
            ),
            why=(
                "The pre-flight DaemonSet pulls the new image on every node before anything is replaced.\n"
                "Where it does not run, nobody knows whether the node can.\n\nWhat it looks like:\n\n"
                "- the agent Pod stays in ErrImagePull, and the node has no network for new Pods\n"
                "- `kubectl get pods` shows it only after the rollout has reached that node\n"
            ),
            references=("Cilium upgrade guide: Running pre-flight check",),
            number=1,
        ),
        Finding(
            rule="cilium/reuse-values",
            title="--reuse-values keeps the defaults of the old chart",
            severity="error",
            component="cilium",
            sure="computed",
            subject=Subject("flag", "--reuse-values"),
            message=(
                'Values new in 1.12 will be missing. Helm will say: "nil pointer evaluating interface {}.enabled" '
                "(.Values.ingressController)"
            ),
            outcome="refused",
            says="helm refuses, cluster unchanged",
            number=2,
        ),
        Finding(
            rule="cilium/patch-behind",
            title="Not the newest patch release",
            severity="warning",
            component="cilium",
            sure="computed",
            subject=Subject("upgrade", "cilium"),
            message="1.11.7 is not the newest 1.11 (1.11.20)",
            number=3,
        ),
        Finding(
            rule="cilium/kubernetes-untested",
            title="Not tested with this Kubernetes",
            severity="warning",
            component="cilium",
            sure="computed",
            subject=Subject("server", "kubernetes"),
            message="Kubernetes 1.33.13; Cilium 1.12 was tested on 1.16-1.24",
            number=4,
        ),
        Finding(
            rule="cilium/preflight-left",
            title="The pre-flight release is still installed",
            severity="warning",
            component="cilium",
            sure="observed",
            subject=Subject("release", "cilium-preflight", "kube-system"),
            message="release cilium-preflight is still installed: remove after 8/8",
            number=5,
        ),
    ),
    plan=(
        Typed(
            "before",
            "helm upgrade cilium-preflight cilium/cilium --version 1.12.0 -n kube-system "
            "--reset-then-reuse-values --set 'preflight.tolerations[0].operator=Exists'",
            answers=(1,),
        ),
        Typed("before", "kubectl get ds -n kube-system cilium cilium-pre-flight-check", note="want 8, 8"),
        Typed("before", "helm uninstall cilium-preflight -n kube-system", stage="clean", answers=(5,)),
        Typed("before", "helm get values cilium -n kube-system -o yaml > old.yaml", stage="values", answers=(2,)),
        Typed(
            "before",
            "helm upgrade cilium cilium/cilium --version 1.11.20 \\\n  -n kube-system -f old.yaml",
            stage="hop",
            answers=(3,),
        ),
        Typed("upgrade", "helm upgrade cilium cilium/cilium --version 1.12.0 -n kube-system -f old.yaml"),
        Typed("rollback", "helm rollback cilium 2 -n kube-system", note="back to 1.11.20"),
    ),
    gaps=(
        Gap("policies", "no such kind in dump", "kubectl get cnp,ccnp -A -o yaml", ("cilium/policy-schema",), True),
        Gap(
            "validator", "", "kubectl logs -n kube-system deploy/cilium-pre-flight-check", ("cilium/policies-invalid",)
        ),
    ),
    examined=Examined(
        inputs=("objects.yaml", "events.yaml", "helm-list.json", "helm-values.yaml"),
        source="objects.yaml and 3 more",
        newest="2025-01-31T12:00:00Z",
        age=3_600.0,
        kinds={"DaemonSet.apps": 3, "Pod": 41, "Node": 8},
        releases=("kube-system/cilium 1.11.7", "kube-system/cilium-preflight 1.12.0"),
        skipped=(("command.txt", "no Kubernetes data"),),
        judged=("cilium/patch-behind", "cilium/preflight-nodes-missing", "cilium/reuse-values"),
        passed=("cilium/agents-not-ready",),
        left_out={"cilium/tunnel-flag": "applies to 1.14 and later", "kubeos/http-without-flagsafe": "no kubeos"},
    ),
    exit_code=1,
)

SPIDERPOOL = Report(
    verdict=Verdict(
        go=False,
        as_typed="refused",
        says="helm refuses, cluster unchanged.",
        behind="Only dropping --reuse-values is WORSE: helm succeeds and deletes networks (4).",
    ),
    upgrades=(
        UpgradeSummary(
            "spiderpool",
            ("0.6.0",),
            "0.9.5",
            "helm upgrade spiderpool spiderpool/spiderpool -n kube-system --version 0.9.5 --reuse-values",
        ),
    ),
    findings=(
        Finding(
            rule="spiderpool/crds-behind",
            title="CRDs lack fields that the new version writes",
            severity="error",
            component="spiderpool",
            sure="computed",
            subject=Subject(
                "CustomResourceDefinition.apiextensions.k8s.io", "spidercoordinators.spiderpool.spidernet.io"
            ),
            message=(
                "spidercoordinators, spidermultusconfigs lack txQueueLen, podRPFilter. Helm never updates crds/; "
                "agents panic."
            ),
            outcome="breaks",
            evidence=(seen(12339), seen(12954)),
            number=1,
        ),
        Finding(
            rule="spiderpool/subnet-key-unread",
            title="A values key that neither version reads",
            severity="error",
            component="spiderpool",
            sure="computed",
            subject=Subject("values", "feature.enableSpiderSubnet"),
            message=(
                "feature.enableSpiderSubnet, ipam.spidersubnet.* are read by neither version. Subnets are OFF now; "
                "0.9.5 turns them ON. ipam.spiderSubnet works only from 1.0.0."
            ),
            outcome="loses",
            evidence=(
                seen(2, file="helm-values.yaml"),
                seen(5, file="helm-values.yaml"),
                seen(7, file="helm-values.yaml"),
                seen(4652, "enableSpiderSubnet: false"),
            ),
            number=2,
        ),
        Finding(
            rule="spiderpool/reuse-values",
            title="--reuse-values keeps the defaults of the old chart",
            severity="error",
            component="spiderpool",
            sure="computed",
            subject=Subject("flag", "--reuse-values"),
            message='"nil pointer evaluating interface {}.install" (.Values.sriov.install)',
            outcome="refused",
            number=3,
        ),
        Finding(
            rule="spiderpool/multus-crd-deleted",
            title="Helm deletes the CRD of Multus and every network with it",
            severity="error",
            component="spiderpool",
            sure="computed",
            subject=Subject(
                "CustomResourceDefinition.apiextensions.k8s.io", "network-attachment-definitions.k8s.cni.cncf.io"
            ),
            message=(
                "0.9.5 no longer renders CRD network-attachment-definitions.k8s.cni.cncf.io. Helm deletes it and "
                "every NetworkAttachmentDefinition; Pods that use one cannot start."
            ),
            outcome="breaks",
            behind=True,
            evidence=(seen(12258, "owned by Helm, no keep"),),
            number=4,
        ),
    ),
    plan=(
        Typed("before", "kubectl get net-attach-def -A -o yaml > nad.yaml", stage="save", answers=(4,)),
        Typed(
            "before",
            "kubectl annotate crd network-attachment-definitions.k8s.cni.cncf.io helm.sh/resource-policy=keep",
            answers=(4,),
        ),
        Typed("before", "helm pull spiderpool/spiderpool --version 0.9.5 --untar", answers=(1,)),
        Typed(
            "before",
            "ls spiderpool/crds/spiderpool.spidernet.io_* | xargs -n1 kubectl apply -f",
            answers=(1,),
            undo=False,
        ),
        Typed("before", "helm get values spiderpool -n kube-system -o yaml > old.yaml", stage="values", answers=(3,)),
        Typed("upgrade", "", note="false keeps today's state"),
        Typed(
            "upgrade",
            "helm upgrade spiderpool spiderpool/spiderpool -n kube-system --version 0.9.5 -f old.yaml "
            "--set ipam.enableSpiderSubnet=false",
            answers=(2, 3),
        ),
        Typed("rollback", "", note='"helm rollback" fails on the kept CRD'),
        Typed(
            "rollback",
            "helm upgrade spiderpool spiderpool/spiderpool -n kube-system --version 0.6.0 -f old.yaml",
        ),
    ),
    gaps=(
        Gap(
            "duplicate IPs",
            "no such kind in dump",
            "kubectl get spiderendpoints -A -o yaml",
            ("spiderpool/duplicate-ips",),
            True,
        ),
    ),
    examined=Examined(source="spiderpool-subnet/", age=12.4 * 86_400),
    exit_code=1,
)

OSM = Report(
    verdict=Verdict(go=False, as_typed="breaks", says="osm waits in vain, the mesh is left half rolled."),
    upgrades=(
        UpgradeSummary("osm-edge", ("1.1.0",), "", "osm mesh upgrade --mesh-name prod --osm-namespace osm-system"),
    ),
    findings=(
        Finding(
            rule="osm-edge/insufficient-cpu",
            title="No node has room for the rollout",
            severity="error",
            component="osm-edge",
            sure="observed",
            subject=Subject("Node", "node-1"),
            message=(
                "node-1: 900m allocatable, 700m requested. Pending: osm-controller 500m, osm-prometheus 500m; the "
                "rollout needs 1100m more beside what runs."
            ),
            outcome="breaks",
            evidence=(Evidence('"0/1 nodes are available: 1 Insufficient cpu."', Origin("events.yaml", 117)),),
            number=1,
        ),
        Finding(
            rule="osm-edge/values-dropped",
            title="osm mesh upgrade keeps no stored values",
            severity="error",
            component="osm-edge",
            sure="computed",
            subject=Subject("release", "prod", "osm-system"),
            message=(
                "osm mesh upgrade keeps no stored values: Prometheus and Grafana are deleted, mesh prod is renamed "
                '"osm".'
            ),
            outcome="loses",
            evidence=(seen(2, "osm.*", file="helm-values.yaml"),),
            number=2,
        ),
    ),
    plan=(
        Typed(
            "before",
            "",
            note="add a node or CPU until kubectl get pods -n osm-system shows no Pending",
            answers=(1,),
        ),
        Typed(
            "upgrade",
            "osm mesh upgrade --mesh-name prod --osm-namespace osm-system --set "
            "osm.meshName=prod,osm.deployPrometheus=true,osm.deployGrafana=true",
            answers=(2,),
        ),
    ),
    gaps=(
        Gap("target chart", "osm version --client-only says it; then scan --to osm-edge=VERSION"),
        Gap("CRDs, MeshConfig", "no such kind in dump", "kubectl get crd,meshconfig -A -o yaml"),
    ),
    examined=Examined(source="osm-insufficient-cpu/"),
    exit_code=1,
)

KUBEOS = Report(
    verdict=Verdict(go=False, as_typed="breaks", says="accepted by the API server; no node will upgrade."),
    upgrades=(
        UpgradeSummary("kubeos", ("KubeOS 1.0.0",), "2.0.0", "kubectl apply -f upgrade_v1alpha1_os.yaml", nodes=4),
    ),
    findings=(
        Finding(
            rule="kubeos/http-without-flagsafe",
            title="An http imageurl without flagSafe is refused by the nodes",
            severity="error",
            component="kubeos",
            sure="computed",
            subject=Subject("OS.upgrade.openeuler.org", "os-sample", "default"),
            message=(
                "http://10.0.0.5:8080/update.img with flagSafe false: nodes refuse the download; older proxies "
                "leave them drained."
            ),
            outcome="breaks",
            evidence=(seen(12, file="upgrade_v1alpha1_os.yaml"), seen(14, file="upgrade_v1alpha1_os.yaml")),
            number=1,
        ),
        Finding(
            rule="kubeos/one-node-at-a-time",
            title="maxunavailable takes every node at once",
            severity="warning",
            component="kubeos",
            sure="computed",
            subject=Subject("OS.upgrade.openeuler.org", "os-sample", "default"),
            message="maxunavailable 4 of 4 nodes: every worker may be down at once",
            evidence=(seen(9, file="upgrade_v1alpha1_os.yaml"),),
            number=2,
        ),
    ),
    plan=(
        Typed("before", "", note="flagSafe: trusted network only; otherwise https and cacert"),
        Typed(
            "before",
            "",
            note="set flagSafe: true in upgrade_v1alpha1_os.yaml, or serve the image by https",
            answers=(1,),
        ),
        Typed("upgrade", "kubectl apply -f upgrade_v1alpha1_os.yaml", tried=False),
    ),
    gaps=(Gap("OSInstances", "", "kubectl get osinstances -A -o yaml"),),
    examined=Examined(source="kubeos-http/"),
    exit_code=1,
)

CALM = Report(
    verdict=Verdict(go=True, as_typed="fine"),
    upgrades=(UpgradeSummary("cilium", ("1.11.20",), "1.12.0", "helm upgrade cilium cilium/cilium -f old.yaml"),),
    plan=(
        Typed("before", "helm get values cilium -n kube-system -o yaml > old.yaml", stage="save"),
        Typed("upgrade", "helm upgrade cilium cilium/cilium -f old.yaml"),
    ),
    gaps=(Gap("validator", "no logs in dump", "kubectl logs -n kube-system deploy/cilium-pre-flight-check"),),
    examined=Examined(
        source="cluster prod",
        kinds={"DaemonSet.apps": 2, "Pod": 41},
        judged=("cilium/patch-behind", "cilium/preflight-nodes-missing"),
        passed=("cilium/patch-behind", "cilium/preflight-nodes-missing"),
    ),
)

SEVERAL = Report(
    verdict=Verdict(go=False, as_typed="unknown", because=("policies",)),
    upgrades=(
        UpgradeSummary("cilium", ("1.11.7", "1.11.20"), "1.13.0", route=("1.12.19", "1.13.0")),
        UpgradeSummary("kubernetes", (), "1.31.0"),
    ),
    findings=(
        Finding(
            rule="kubernetes/many-places",
            title="Seen in many places",
            severity="warning",
            component="kubernetes",
            sure="possible",
            subject=Subject("Pod", "p", "shop"),
            message="9 Pods use an API that 1.31 no longer serves",
            evidence=tuple(seen(line) for line in range(10, 100, 10)),
        ),
        Finding(
            rule="kubernetes/hint",
            title="A hint",
            severity="info",
            component="kubernetes",
            sure="possible",
            subject=Subject("server", "kubernetes"),
            message="the server is reached through a proxy",
        ),
    ),
    suppressed=(
        Finding(
            rule="cilium/patch-behind",
            title="Not the newest patch release",
            severity="warning",
            component="cilium",
            sure="computed",
            subject=Subject("upgrade", "cilium"),
            message="1.11.7 is not the newest 1.11 (1.11.20)",
            reason="agreed until the next window",
        ),
    ),
    plan=(
        Typed("before", "kubectl cordon '<node>'", fill=True, undo=True, answers=(1,)),
        Typed("before", "kubectl apply -f - <<'EOF'\nkind: ConfigMap\ndata: {a: 'b'}\nEOF", answers=(1,)),
        Typed("after", "kubectl delete pods --all -n shop", undo=False, tried=False, note="see to the budgets first"),
    ),
    gaps=(Gap("policies", "access denied", "kubectl get cnp -A -o yaml", ("cilium/policy-schema",), True),),
    problems=(Problem(Origin("bad.yaml", 7), "a tab where a blank belongs", "spaces"),),
    examined=Examined(inputs=("a.yaml", "b.yaml", "c.yaml", "d.yaml", "bad.yaml")),
    exit_code=2,
)

SCREENS = {
    "cilium": CILIUM,
    "spiderpool": SPIDERPOOL,
    "osm-edge": OSM,
    "kubeos": KUBEOS,
    "calm": CALM,
    "several": SEVERAL,
}
