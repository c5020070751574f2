//! Files of the AWS CLI with faults in any combination.

use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngSeed};

use super::*;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if crate::every() { 100 } else { 15 },
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        // The same cases each time: a test must not fail for whoever did not cause it.
        rng_seed: RngSeed::Fixed(20_261_122),
        ..ProptestConfig::default()
    })]

    /// However many faults come together.
    #[test]
    fn odd_files_change_nothing(
        header in "(profile |profile  |Profile:|sso-session |)(prod|default|\"prod data\"|ü)",
        session in "(corp|corpo|crop|\"corp\"|ü)( # corp|  )?",
        account in "(123456789012|1234-5678-9012|12345678901|123456789021|1|prod)( ; mine)?",
        role in "(RedshiftAnalyst|redshift_analist|\"ReadOnly\"|AWSReservedSSO_Readonly_7243976e43c75fc5|[a-zé -]{0,6})( #)?",
        url in "(https?://)?(d-9067f0c1d2|d-9067f0c1d3|corp|[a-z./-]{1,9})(.awsapps.com)?(/start)?(/#/)?",
        region in "us-east-1|us-east-1a|eu-west-1|US-EAST-1|[a-z -]{0,8}",
        tail in "((  )?(sso_(session|role_name|jane) ?[=:] ?(corp|x|Redshift)?|\\[profile prod\\]|[a-z]{1,3})(\r?\n)){0,4}",
        seed: u64,
    ) {
        let profile = format!("[{header}]\nsso_session = {session}\nsso_account_id={account}\nsso_role_name: {role}\n");
        let config = format!("{profile}[sso-session corp]\nsso_start_url = {url}\nsso_region = {region}\n{tail}");
        for evidence in [alone(machine(&config)), with_organization(machine(&config))] {
            prop_assert!(redact(&evidence, seed).is_some(), "{config}");
        }
    }
}
