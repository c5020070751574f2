//! The `Condition` element: operators, and what they come to where a key is missing or its value not known. See "IAM
//! JSON policy elements: Condition operators" in the IAM User Guide.

use super::pattern::Pattern;
use super::request::{Context, Key, Text};
use super::truth::Truth;

/// One line of a condition: an operator, a key, and the values any of which may match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) operator: String,
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

/// How values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// As strings, case included.
    Exact,
    /// As strings, without regard to case.
    IgnoringCase,
    /// As strings with wildcards.
    Like,
    /// As ARNs with wildcards.
    Arn,
    /// `true` or `false`.
    Truth,
    /// As numbers, dates or addresses, of which nothing is ever known here but whether they are there.
    Unseen,
}

/// `ForAllValues` or `ForAnyValue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantifier {
    All,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Operator {
    quantifier: Option<Quantifier>,
    comparison: Comparison,
    negated: bool,
    if_exists: bool,
}

impl Condition {
    /// Whether it holds for the request. `variables`: whether `${…}` in values stands for something.
    pub(super) fn holds(&self, context: &Context, variables: bool) -> Truth {
        self.holds_with(context.key(&self.key), context, variables)
    }

    fn holds_with(&self, key: &Key, context: &Context, variables: bool) -> Truth {
        if let Key::OneOf(keys) = key {
            let mut truths = keys.iter().map(|key| self.holds_with(key, context, variables));
            let first = truths.next().unwrap_or(Truth::No);
            return if truths.all(|truth| truth == first) {
                first
            } else {
                self.unsure("which may be one of several things")
            };
        }
        if self.operator == "Null" {
            return self.is_missing(key);
        }
        let Some(operator) = Operator::named(&self.operator) else {
            return Truth::Unsure(format!("condition operator {} is not one that is known here", self.operator));
        };
        match key {
            Key::Absent => Truth::of(operator.holds_without_key()),
            // A set operator asks about each of several values; with one value it asks what the plain operator asks.
            Key::Known(values) => match &values[..] {
                [value] => self.compare(operator, value, context, variables),
                _ => self.unsure("which has several values"),
            },
            Key::Chosen => self.by_choice(operator),
            Key::ChosenOrAbsent => {
                let absent = Truth::of(operator.holds_without_key());
                if self.by_choice(operator) == absent { absent } else { Truth::Partly }
            }
            Key::OneOf(_) | Key::Unknown => self.unsure("and nothing is known of that here"),
        }
    }

    /// Whether it holds for a key whose value is chosen.
    fn by_choice(&self, operator: Operator) -> Truth {
        let wildcards = matches!(operator.comparison, Comparison::Like | Comparison::Arn);
        if self.values.is_empty() {
            Truth::of(operator.negated)
        } else if wildcards && self.values.iter().any(|value| Pattern::wild(value).is_everything()) {
            Truth::of(!operator.negated)
        } else {
            Truth::Partly
        }
    }

    /// Whether it holds only where the key has one of the values.
    pub(super) fn asks_for_value(&self) -> bool {
        Operator::named(&self.operator).is_some_and(|operator| !operator.negated)
    }

    /// The values that tell one choice of the key from another, as patterns. `None` where they are no texts, such as
    /// numbers: then only whether the condition holds can be chosen.
    pub(super) fn patterns(&self, context: &Context, variables: bool) -> Option<Vec<Pattern>> {
        if self.operator == "Null" {
            return Some(Vec::new());
        }
        let wildcards = match Operator::named(&self.operator)?.comparison {
            Comparison::Exact | Comparison::IgnoringCase | Comparison::Truth => false,
            Comparison::Like | Comparison::Arn => true,
            Comparison::Unseen => return None,
        };
        let patterns = self.values.iter().map(|value| Pattern::of_policy(value, wildcards, variables, context).ok());
        patterns.collect()
    }

    /// The `Null` operator: `true` asks for the key to be missing, `false` for it to be there.
    fn is_missing(&self, key: &Key) -> Truth {
        let asks = |wanted: &str| self.values.iter().any(|value| value.eq_ignore_ascii_case(wanted));
        match key {
            Key::Absent => Truth::of(asks("true")),
            Key::Known(_) | Key::Chosen => Truth::of(asks("false")),
            Key::ChosenOrAbsent => Truth::Partly,
            Key::OneOf(_) | Key::Unknown => self.unsure("which may or may not be there"),
        }
    }

    fn compare(&self, operator: Operator, value: &Text, context: &Context, variables: bool) -> Truth {
        let results = self.values.iter().map(|wanted| operator.comparison.compare(wanted, value, context, variables));
        let matched = Truth::any(results.map(|result| match result {
            Ok(Some(matched)) => Truth::of(matched),
            Ok(None) => self.unsure("whose value is not known"),
            Err(why) => Truth::Unsure(why),
        }));
        if operator.negated { matched.not() } else { matched }
    }

    fn unsure(&self, why: &str) -> Truth {
        Truth::Unsure(format!("it depends on {} ({}), {why}", self.key, self.operator))
    }
}

impl Operator {
    fn named(name: &str) -> Option<Self> {
        let (quantifier, name) = match name.split_once(':') {
            Some(("ForAllValues", name)) => (Some(Quantifier::All), name),
            Some(("ForAnyValue", name)) => (Some(Quantifier::Any), name),
            Some(_) => return None,
            None => (None, name),
        };
        let (name, if_exists) = name.strip_suffix("IfExists").map_or((name, false), |name| (name, true));
        let (comparison, negated) = match name {
            "StringEquals" => (Comparison::Exact, false),
            "StringNotEquals" => (Comparison::Exact, true),
            "StringEqualsIgnoreCase" => (Comparison::IgnoringCase, false),
            "StringNotEqualsIgnoreCase" => (Comparison::IgnoringCase, true),
            "StringLike" => (Comparison::Like, false),
            "StringNotLike" => (Comparison::Like, true),
            "ArnEquals" | "ArnLike" => (Comparison::Arn, false),
            "ArnNotEquals" | "ArnNotLike" => (Comparison::Arn, true),
            "Bool" => (Comparison::Truth, false),
            "NumericNotEquals" | "DateNotEquals" | "NotIpAddress" => (Comparison::Unseen, true),
            "IpAddress" | "BinaryEquals" => (Comparison::Unseen, false),
            _ => {
                let comparisons = ["Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]
                    .contains(&name.strip_prefix("Numeric").or_else(|| name.strip_prefix("Date"))?);
                comparisons.then_some((Comparison::Unseen, false))?
            }
        };
        Some(Self { quantifier, comparison, negated, if_exists })
    }

    /// A missing key does not match, so that only what asks for no match holds; `IfExists` and an empty set of values
    /// hold too.
    fn holds_without_key(self) -> bool {
        match (self.if_exists, self.quantifier) {
            (true, _) | (false, Some(Quantifier::All)) => true,
            (false, Some(Quantifier::Any)) => false,
            (false, None) => self.negated,
        }
    }
}

impl Comparison {
    fn compare(self, wanted: &str, value: &Text, context: &Context, variables: bool) -> Result<Option<bool>, String> {
        let pattern = |wildcards| Pattern::of_policy(wanted, wildcards, variables, context);
        Ok(match self {
            Self::Exact => pattern(false)?.matches(value),
            Self::IgnoringCase | Self::Truth => pattern(false)?.matches_ignoring_case(value),
            Self::Like => pattern(true)?.matches(value),
            Self::Arn => pattern(true)?.matches_arn(value),
            Self::Unseen => None,
        })
    }
}
