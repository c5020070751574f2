use super::{CONFIG, both, machine, redacted};
use crate::answers::diagnosis::diagnose;
use crate::answers::own_machine::sample::{alone, keys};
use crate::evidence::{Caller, Observed};

/// Two files, an environment, and a way of several profiles.
#[test]
fn keys_and_roles() {
    let role = |name: &str, account: &str, source: &str| {
        format!("[profile {name}]\nrole_arn = arn:aws:iam::{account}:role/Billy\nsource_profile = {source}\n")
    };
    let base = CONFIG.replace("[profile prod]", "[profile billing]").replace("123456789012", "111122223333");
    let long = [role("jane", "123456789012", "billy"), role("billy", "111122223333", "billing"), base.clone()].concat();
    let keys_of = |name: &str| format!("[{name}]\naws_access_key_id = x\naws_secret_access_key = y\n");
    for (config, credentials) in [
        (long.clone(), String::new()),
        (long.clone(), keys_of("billy")),
        (long.replace("= billing", "= bililng"), keys_of("corp")),
        ([role("jane", "123456789012", "billy"), role("billy", "123456789012", "jane")].concat(), String::new()),
        (CONFIG.to_owned(), keys_of("prod")),
        (CONFIG.to_owned(), "[prod]\nrole_arn = arn:aws:iam::123456789012:role/Billy\n".to_owned()),
        (
            CONFIG.to_owned(),
            "[prod]\nsso_role_name = Redshift-Analyst\n[default]\nsso_account_id = 1234-5678-9012\n".to_owned(),
        ),
    ] {
        for (pair, profile) in [((false, false), None), ((true, true), Some("prod")), ((true, false), Some("jane"))] {
            let mut found = machine(&config);
            let mut keys = keys(&config, &credentials);
            (keys.environment.access_key, keys.environment.secret_key) = pair;
            keys.environment.profile = profile.map(str::to_owned);
            keys.environment.default_profile = Some("billing".to_owned());
            found.keys = Some(keys);
            for after in both(&found) {
                let after = after.machine.expect("a machine").keys.expect("keys");
                assert_eq!(
                    (after.config.len(), after.environment.access_key),
                    (found.keys.as_ref().unwrap().config.len(), pair.0)
                );
                assert_eq!(after.environment.profile.is_some(), profile.is_some());
            }
        }
    }
}

/// Whose the keys are is told by the profile that was asked with, whatever it is called.
#[test]
fn the_profile_that_was_asked_with() {
    for name in ["default", "jane", "prod"] {
        let header = if name == "default" { "default".to_owned() } else { format!("profile {name}") };
        for account in ["123456789012", "111122223333"] {
            let mut found = machine(&CONFIG.replace("profile prod", &header));
            if let Some(keys) = &mut found.keys {
                (keys.environment.access_key, keys.environment.secret_key) = (true, true);
                keys.environment.profile = Some(name.to_owned());
            }
            let mut evidence = alone(found);
            evidence.question.profile = Some(name.to_owned());
            let arn = format!("arn:aws:iam::{account}:user/Billy");
            evidence.caller.observed = Observed::Known(Caller { account: account.to_owned(), arn });
            let faults = |evidence| diagnose(evidence).own_machine.expect("a machine").faults.len();
            let told = faults(&evidence);
            assert_eq!((told, faults(&redacted(&evidence))), (usize::from(account != "123456789012"), told), "{name}");
        }
    }
}
