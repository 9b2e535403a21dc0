"""What this team asserts by hand, beside what the rules say."""


def test_the_upgrade_starts_from_a_release_that_we_know(upgradecheck_report):
    [upgrade] = upgradecheck_report.upgrades
    assert upgrade.start == ("1.11.7",)


def test_no_node_is_left_without_a_preflight(upgradecheck_scan):
    report = upgradecheck_scan(select=["cilium/preflight-nodes-missing"])
    missing = [finding.message for finding in report.findings]
    assert len(missing) <= 1
