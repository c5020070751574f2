//! Chains as they are drawn.

use super::*;
use crate::render::cases;

fn drawn(diagnosis: &Diagnosis, unicode: bool) -> Vec<String> {
    let style = Style { width: 80, color: false, unicode, height: 24 };
    let (chains, rest) = chains(diagnosis);
    chains.iter().map(|chain| chain.line(&style)).chain(rest).collect()
}

#[test]
fn shows_where_a_path_stops() {
    assert_eq!(
        drawn(&cases::missing_policy(), true),
        [
            "jane.doe ── in group ── DataAnalysts ── assigned ── RedshiftAnalyst ──✗ policy ── role ── prod-data (stops at policy)"
        ]
    );
    assert_eq!(
        drawn(&cases::degraded(), false),
        [
            "jane.doe -- in group -- DataAnalysts -- assigned -- Broken -- policy --x provisioned -- role -- prod-data (stops at provisioning)",
            "jane.doe -- in group -- DataAnalysts -- assigned -- RedshiftAnalyst -- policy -- role -- prod-data (open)",
        ]
    );
}

#[test]
fn an_entitlement_leads_straight_to_a_role() {
    assert_eq!(
        drawn(&cases::entitled(), true),
        ["jane.doe ── in group ── DataAnalysts ── entitled to ── role DataReader ── prod-data (open)"]
    );
    assert_eq!(
        drawn(&cases::entitled_in_vain(), true),
        ["jane.doe ── in group ── DataAnalysts ── entitled to ──✗ role DataReader ── prod-data (stops at role)"]
    );
}

#[test]
fn a_failed_sign_in_stops_every_path() {
    let expected = "jane.doe ──✗ signed in ── in group ── DataAnalysts ── assigned ── RedshiftAnalyst ── policy ── role ── \
                    prod-data (stops at sign-in)";
    assert_eq!(drawn(&cases::not_signed_in(), true), [expected]);
}

#[test]
fn shows_what_could_not_be_read() {
    assert_eq!(
        drawn(&cases::inconclusive(), true),
        [
            "jane.doe ── in group ── DataAnalysts ── assigned ── RedshiftAnalyst ── policy ──? role ── prod-data (not known: role)"
        ]
    );
}

#[test]
fn shows_what_there_is_where_there_is_no_path() {
    assert_eq!(drawn(&cases::unknown_user(), true), ["✗ jane.do ── prod-data (stops at user)"]);
    assert_eq!(
        drawn(&cases::forty_groups(), true),
        ["jane.doe ──✗ in group ── Team00, Team01 or 38 more ── prod-data (stops at membership)"]
    );
}

#[test]
fn a_gate_shut_for_all_stops_every_path() {
    let expected = "✗ jane.doe ── in group ── DataAnalysts ── assigned ── RedshiftAnalyst ── policy ── role ── prod-data (stops at user)";
    assert_eq!(drawn(&cases::disabled_user(), true), [expected]);
}

#[test]
fn draws_six_and_counts_the_rest() {
    let drawn = drawn(&cases::many_paths(40), true);
    assert_eq!(drawn.len(), MOST + 1);
    assert_eq!(drawn[MOST], "and 34 more ways: 34 stop at provisioning");
}
