//! One account or one person, out of what is known of a whole organization.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{
    About, AccountFacts, AccountRef, AccountsOf, Applications, Assignment, Call, Entitlement, Evidence, Fact, Group,
    LookupBy, Membership, Missing, Observed, Principal, PrincipalType, Question, Reason, Snapshot, Touched, User,
    UserFacts, UserLookup,
};

/// The account asked about, by its id. `Err`: several have the name, or none has.
pub fn account_asked(snapshot: &Snapshot) -> Result<&str, Vec<&str>> {
    match &snapshot.scope.about {
        About::Account(account) => account_named(snapshot, account),
        _ => Err(Vec::new()),
    }
}

/// The account that is meant, by its id. `Err`: several have the name, or none has.
fn account_named<'s>(snapshot: &'s Snapshot, account: &AccountRef) -> Result<&'s str, Vec<&'s str>> {
    let known = snapshot.accounts.keys().map(String::as_str);
    let named: Vec<&str> = match account {
        AccountRef::Id(id) => known.filter(|one| one == id).collect(),
        AccountRef::Name(name) => known.filter(|id| name_of(snapshot, id) == Some(name)).collect(),
    };
    match named[..] {
        [one] => Ok(one),
        _ => Err(named),
    }
}

fn name_of<'s>(snapshot: &'s Snapshot, id: &str) -> Option<&'s str> {
    snapshot.accounts.get(id)?.described.known().ok()?.as_ref()?.name.as_deref()
}

/// What is known of a person from the lists of everybody, in the form of one question's. `None`: nobody of that name, id
/// or e-mail is among those that were listed.
pub fn person(snapshot: &Snapshot, typed: &str) -> Option<UserFacts> {
    let listed = snapshot.people.known().into_iter().flatten();
    let described = snapshot.shared.users.values().filter_map(|fact| fact.known().ok()?.as_ref());
    let everybody: Vec<&User> = listed.chain(described).collect();
    let by_name = |user: &&&User| user.user_name.as_deref() == Some(typed);
    let by_email = |user: &&&User| user.emails.iter().any(|email| email == typed);
    let by_id = |user: &&&User| user.id == typed || user.id.ends_with(&format!("-{typed}"));
    let (by, found) = [LookupBy::UserName, LookupBy::Email, LookupBy::UserId].into_iter().find_map(|by| {
        let mut fitting: Vec<&&User> = match by {
            LookupBy::UserName => everybody.iter().filter(by_name).collect(),
            LookupBy::Email => everybody.iter().filter(by_email).collect(),
            LookupBy::UserId => everybody.iter().filter(by_id).collect(),
        };
        fitting.dedup_by_key(|user| &user.id);
        Some((by, (*fitting.first()?).to_owned()))
    })?;
    let call = Call::ListUsers;
    let lookup = Fact { observed: Observed::Known(Some(found.id.clone())), ..of(&snapshot.people, call) };
    let described = snapshot.shared.users.get(&found.id).cloned();
    let described = described
        .unwrap_or_else(|| Fact { observed: Observed::Known(Some(found.clone())), ..of(&snapshot.people, call) });
    let memberships = memberships(snapshot, &found.id);
    let for_principal = assignments(snapshot, &found.id, &memberships);
    Some(UserFacts {
        lookups: vec![UserLookup { by, value: typed.to_owned(), found: lookup }],
        described,
        memberships,
        for_principal,
        ..UserFacts::unasked()
    })
}

/// The groups that somebody is in, from the members of all groups; not known unless those of every group are.
fn memberships(snapshot: &Snapshot, id: &str) -> Fact<Vec<Membership>> {
    let call = Call::ListGroupMemberships;
    let groups = match snapshot.groups.known() {
        Ok(groups) => groups,
        Err(gap) => return missing(call, gap.reason, gap.message),
    };
    let mut own = Vec::new();
    for group in groups {
        let Some(fact) = snapshot.members.get(&group.id) else {
            return missing(call, Reason::NotAsked, format!("who is in group {} was not asked for", group.id));
        };
        match fact.known() {
            Ok(members) => own.extend(members.iter().filter(|member| member.user_id == id).map(|member| Membership {
                group_id: group.id.clone(),
                created: member.created,
                touched: Touched::default(),
            })),
            Err(gap) => return missing(call, gap.reason, gap.message),
        }
    }
    Fact { observed: Observed::Known(own), ..of(&snapshot.groups, call) }
}

/// What is assigned to somebody, from the assignments of every permission set in every account that has it.
fn assignments(snapshot: &Snapshot, id: &str, memberships: &Fact<Vec<Membership>>) -> Fact<Vec<Assignment>> {
    let call = Call::ListAccountAssignments;
    let own: BTreeSet<&str> = match memberships.known() {
        Ok(groups) => groups.iter().map(|one| one.group_id.as_str()).chain([id]).collect(),
        Err(gap) => return missing(call, gap.reason, gap.message),
    };
    let shared = &snapshot.shared;
    let sets = match shared.permission_set_arns.known() {
        Ok(sets) => sets,
        Err(gap) => return missing(call, gap.reason, gap.message),
    };
    for arn in sets {
        let Some(listed) = shared.accounts_of.get(arn) else {
            return missing(call, Reason::NotAsked, format!("which accounts have {arn} was not asked for"));
        };
        if let Some(gap) = [&listed.latest, &listed.outdated].into_iter().find_map(|list| list.known().err()) {
            return missing(call, gap.reason, gap.message);
        }
    }
    let mut found = BTreeSet::new();
    for (account, arn) in super::pairs(snapshot) {
        let rows = snapshot.accounts.get(account).and_then(|account| account.assignments.get(arn));
        let Some(rows) = rows else {
            let because = format!("who is assigned {arn} in account {account} was not asked for");
            return missing(call, Reason::NotAsked, because);
        };
        match rows.known() {
            Ok(rows) => found.extend(rows.iter().filter(|row| own.contains(row.principal.id.as_str())).cloned()),
            Err(gap) => return missing(call, gap.reason, gap.message),
        }
    }
    Fact { observed: Observed::Known(found.into_iter().collect()), ..of(&shared.permission_set_arns, call) }
}

/// What somebody and their groups are entitled to, from the entitlements in every account.
pub fn entitled(snapshot: &Snapshot, user: &UserFacts) -> BTreeMap<(String, Principal), Fact<Vec<Entitlement>>> {
    let facts = &snapshot.shared.entitlements;
    let Ok(Applications::Listed(applications)) = facts.applications.known() else { return BTreeMap::new() };
    let groups = user.memberships.known().into_iter().flatten();
    let groups = groups.map(|one| Principal { kind: PrincipalType::Group, id: one.group_id.clone() });
    let own = user.described.known().ok().and_then(Option::as_ref);
    let own = own.map(|user| Principal { kind: PrincipalType::User, id: user.id.clone() });
    let principals: Vec<Principal> = own.into_iter().chain(groups).collect();
    let of_one = |application: &String, principal: &Principal| {
        let call = Call::ListEntitlements;
        let accounts = match snapshot.shared.accounts.known() {
            Ok(accounts) => accounts,
            Err(gap) => return missing(call, gap.reason, gap.message),
        };
        let mut rows = Vec::new();
        for account in accounts {
            let entitled = snapshot.accounts.get(&account.id).and_then(|account| account.entitlements.get(application));
            match entitled.map(Fact::known) {
                Some(Ok(all)) => rows.extend(all.iter().filter(|row| row.principal == *principal).cloned()),
                Some(Err(gap)) => return missing(call, gap.reason, gap.message),
                None => {
                    let because = format!("who is entitled in account {} was not asked for", account.id);
                    return missing(call, Reason::NotAsked, because);
                }
            }
        }
        Fact { observed: Observed::Known(rows), ..of(&facts.applications, call) }
    };
    let pairs = applications.iter().flat_map(|one| principals.iter().map(move |principal| (one, principal)));
    pairs.map(|(one, principal)| ((one.clone(), principal.clone()), of_one(one, principal))).collect()
}

fn missing<T>(call: Call, reason: Reason, message: String) -> Fact<T> {
    Fact { observed: Observed::Missing(Missing::new(reason, message)), ..Fact::not_asked(call, "") }
}

/// A fact that was told where another was.
fn of<T, U>(fact: &Fact<T>, call: Call) -> Fact<U> {
    Fact {
        account: fact.account.clone(),
        region: fact.region.clone(),
        request_id: fact.request_id.clone(),
        at: fact.at,
        ..Fact::not_asked(call, "")
    }
}

/// One question's evidence out of what is known of a whole organization; what only the question would have asked for is
/// not asked. `Err`: the account's ids, where several have its name or none has.
pub fn evidence(snapshot: &Snapshot, question: Question) -> Result<Evidence, Vec<String>> {
    let id = match account_named(snapshot, &question.account) {
        Ok(id) => Some(id.to_owned()),
        Err(several) if several.len() > 1 => return Err(several.into_iter().map(str::to_owned).collect()),
        Err(_) => None,
    };
    let mut evidence = Evidence::of_question(question);
    evidence.collected_at = snapshot.collected_at;
    evidence.shared = (*snapshot.shared).clone();
    let listed = &snapshot.shared.accounts;
    match id.as_ref().and_then(|id| snapshot.accounts.get(id)) {
        Some(account) => {
            evidence.account = account.clone();
            let [latest, outdated] = lists(snapshot, account);
            (evidence.account.provisioned_latest, evidence.account.provisioned_outdated) = (latest, outdated);
        }
        // Of an id that no list names, a list of all accounts tells that there is no such account.
        None => {
            if let AccountRef::Id(id) = &evidence.question.account {
                evidence.account.id = Some(id.clone());
                evidence.account.described = match listed.known() {
                    Ok(_) => Fact { observed: Observed::Known(None), ..of(listed, Call::ListAccounts) },
                    Err(gap) => missing(Call::ListAccounts, gap.reason, gap.message),
                };
            }
        }
    }
    let typed = evidence.question.user.clone();
    evidence.user = person(snapshot, &typed).unwrap_or_else(|| UserFacts {
        lookups: vec![UserLookup { by: LookupBy::UserName, value: typed.clone(), found: nobody(snapshot) }],
        ..UserFacts::unasked()
    });
    let here = |rows: Vec<Assignment>| {
        rows.into_iter().filter(|row| Some(&row.account) == evidence.account.id.as_ref()).collect()
    };
    evidence.user.for_principal = evidence.user.for_principal.clone().map(here);
    if let Some(name) = &evidence.question.group {
        let is_it = |group: &&Group| group.name.as_ref() == Some(name);
        let id = |groups: &Vec<Group>| groups.iter().find(is_it).map(|one| one.id.clone());
        evidence.asked_group = Some(snapshot.groups.view(id));
    }
    Ok(evidence)
}

/// That nobody of that name was listed.
fn nobody(snapshot: &Snapshot) -> Fact<Option<String>> {
    let call = Call::ListUsers;
    match snapshot.people.known() {
        Ok(_) => Fact { observed: Observed::Known(None), ..of(&snapshot.people, call) },
        Err(gap) => missing(call, gap.reason, gap.message),
    }
}

/// What an account has, by its own two lists, or else by those of every permission set.
fn lists(snapshot: &Snapshot, account: &AccountFacts) -> [Fact<Vec<String>>; 2] {
    let own = [&account.provisioned_latest, &account.provisioned_outdated];
    if !own.iter().all(|list| list.is_not_asked()) {
        return own.map(Clone::clone);
    }
    let of_sets = |pick: fn(&AccountsOf) -> &Fact<Vec<String>>| {
        let call = Call::ListAccountsForProvisionedPermissionSet;
        let sets = match snapshot.shared.permission_set_arns.known() {
            Ok(sets) => sets,
            Err(gap) => return missing(call, gap.reason, gap.message),
        };
        let mut has = Vec::new();
        for arn in sets {
            let Some(listed) = snapshot.shared.accounts_of.get(arn) else {
                return missing(call, Reason::NotAsked, format!("which accounts have {arn} was not asked for"));
            };
            match pick(listed).known() {
                Ok(ids) if ids.iter().any(|id| Some(id) == account.id.as_ref()) => has.push(arn.clone()),
                Ok(_) => {}
                Err(gap) => return missing(call, gap.reason, gap.message),
            }
        }
        Fact { observed: Observed::Known(has), ..of(&snapshot.shared.permission_set_arns, call) }
    };
    [of_sets(|of| &of.latest), of_sets(|of| &of.outdated)]
}
