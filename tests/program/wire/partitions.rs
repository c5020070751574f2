//! Other partitions: nothing of the commercial one is in what is asked or answered there.

use crate::wire::scenarios;

const ELSEWHERE: [(&str, &str, &str); 5] = [
    ("healthy--us-gov-west-1", "aws-us-gov", "us-gov-west-1"),
    ("healthy--cn-north-1", "aws-cn", "cn-north-1"),
    ("customer-managed-policy-missing--us-gov-west-1", "aws-us-gov", "us-gov-west-1"),
    ("policies-per-role-quota--cn-north-1", "aws-cn", "cn-north-1"),
    ("blind--eusc-de-east-1", "aws-eusc", "eusc-de-east-1"),
];

#[test]
fn nothing_of_the_commercial_partition_is_asked_or_told() {
    for (name, partition, region) in ELSEWHERE {
        let scenario = scenarios::named(name);
        let served = scenario.serve();
        let answer = scenario.question(&served).with(&["-v"]).ask();
        scenario.expected.matches(&answer).unwrap();
        for call in served.calls() {
            assert_eq!(call.region, region, "{name}: {} was asked there", call.action);
            assert!(!call.body.contains("arn:aws:"), "{name}: {} {}", call.action, call.body);
        }
        for text in [&answer.stdout, &answer.stderr] {
            for stranger in ["arn:aws:", "us-east-1", "signin.aws.amazon.com"] {
                assert!(!text.contains(stranger), "{name}: {stranger} is told: {text}");
            }
        }
        assert!(answer.stdout.contains(&format!("arn:{partition}:")), "{name}: {}", answer.stdout);
        let root = answer.json().unwrap()["root_cause"].clone();
        let commands = root["fixes"].as_array().into_iter().flatten().filter_map(|fix| fix["command"].as_str());
        for command in commands.filter(|command| !command.starts_with("aws iam ")) {
            assert!(command.contains(&format!("--region {region}")), "{name}: {command}");
        }
    }
}
