//! Whether the account that asks is one that Identity Center answers.

use crate::evidence::{Evidence, Gap, Observed, Organization, Reason};

/// The organization, where Identity Center refuses whatever comes from the caller's account: it answers the management
/// account and a delegated administrator alone. The latter gets some of it answered, and where IAM refuses, AWS names
/// the policy that is lacking.
pub fn refused_by(evidence: &Evidence) -> Option<&Organization> {
    let (caller, organization) = (evidence.caller.known().ok()?, evidence.organization.known().ok()?.as_ref()?);
    let answered = evidence.creation.failed.known().is_ok()
        || evidence.deletion.in_progress.known().is_ok()
        || evidence.account.provisioned_outdated.known().is_ok()
        || evidence.attributes.known().is_ok();
    let refused = match &evidence.account.provisioned_latest.observed {
        Observed::Missing(missing) => missing.reason == Reason::Denied && !answered && !is_by_iam(&missing.message),
        Observed::Known(_) => false,
    };
    (refused && caller.account != organization.management_account).then_some(organization)
}

/// Whether a permission would not fill the gap, since the question was put by such an account.
pub fn is_in_vain(evidence: &Evidence, gap: &Gap) -> bool {
    const OF_OTHERS: [&str; 4] = ["sso:", "identitystore:", "account-access:", "organizations:"];
    gap.reason == Reason::Denied
        && !is_by_iam(&gap.message)
        && OF_OTHERS.iter().any(|service| gap.call.action().starts_with(service))
        && evidence.caller.known().is_ok_and(|caller| gap.account.as_ref() == Some(&caller.account))
        && refused_by(evidence).is_some()
}

fn is_by_iam(message: &str) -> bool {
    message.contains("identity-based policy") || message.contains("explicit deny") || message.contains("kms:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, Fact, sample};

    fn asked_by(account: &str, text: &str) -> Evidence {
        fn refuse<T>(fact: &mut Fact<T>, account: &str, text: &str) {
            fact.account = Some(account.to_owned());
            fact.observed = Observed::missing(Reason::Denied, text);
        }
        let mut evidence = sample::healthy();
        if let Observed::Known(caller) = &mut evidence.caller.observed {
            caller.account = account.to_owned();
        }
        refuse(&mut evidence.account.provisioned_latest, account, text);
        refuse(&mut evidence.account.provisioned_outdated, account, text);
        refuse(&mut evidence.creation.failed, account, text);
        refuse(&mut evidence.deletion.in_progress, account, text);
        refuse(&mut evidence.attributes, account, text);
        evidence
    }

    #[test]
    fn what_a_member_account_is_refused_no_permission_gives() {
        let member = asked_by("555566667777", "is not authorized to perform: sso:X on resource: Y");
        let gap = member.account.provisioned_latest.known().expect_err("denied");
        assert!(is_in_vain(&member, &gap));
        let of_iam = member.unasked(Call::ListRoles, "no way in");
        assert!(!is_in_vain(&member, &Gap { reason: Reason::Denied, ..of_iam }));
        // In the management account, or where IAM names the policy that is lacking, a permission does.
        let management = asked_by("111122223333", "is not authorized to perform: sso:X on resource: Y");
        assert!(!is_in_vain(&management, &gap));
        let by_iam = "is not authorized to perform: sso:X because no identity-based policy allows the sso:X action";
        let delegated = asked_by("555566667777", by_iam);
        assert!(!is_in_vain(&delegated, &delegated.account.provisioned_latest.known().expect_err("denied")));
    }
}
