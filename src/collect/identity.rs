//! Users, groups and memberships: the identity store.

use std::time::{Duration, Instant};

use aws_sdk_identitystore::config::http::HttpResponse;
use aws_sdk_identitystore::error::SdkError;
use aws_sdk_identitystore::operation::describe_user::DescribeUserOutput;
use aws_sdk_identitystore::operation::list_users::{ListUsersError, ListUsersOutput};
use aws_sdk_identitystore::types::{AlternateIdentifier, ExternalId, MemberId, UniqueAttribute};
use aws_smithy_types::Document;

use super::Home;
use super::ask::{Page, Reply};
use super::failure::Failure;
use super::reply::require_same;
use super::user_attributes;
use crate::evidence::{
    Call, Fact, Group, LookupBy, Member, Membership, Observed, Touched, User, UserLookup, UserScan, is_user_id,
};
use crate::model::organization::{CLOSE, closeness};

/// How long users are read to find close names. That there is no such user is known by then, and a suggestion is not
/// worth a longer wait.
const SCAN_TIME: Duration = Duration::from_secs(1);
/// How many pages of them at the most: 5,000 users.
const SCAN_PAGES: usize = 50;

/// What the look-ups brought: the look-ups themselves, and the user where one of them brought that along.
pub(crate) struct LookedUp {
    pub(crate) lookups: Vec<UserLookup>,
    pub(crate) described: Option<Fact<Option<User>>>,
}

impl Home<'_> {
    /// Looks the user up by everything that the typed text may be, in order of precedence.
    pub(crate) async fn look_up_user(&self, typed: &str) -> LookedUp {
        if !is_user_id(typed) {
            let by_name = self.user_id(LookupBy::UserName, typed);
            if !typed.contains('@') {
                return LookedUp { lookups: vec![by_name.await], described: None };
            }
            let (by_name, by_email) = tokio::join!(by_name, self.user_id(LookupBy::Email, typed));
            return LookedUp { lookups: vec![by_name, by_email], described: None };
        }
        // Ids of older stores carry the store's own digits in front, and people copy them with or without.
        let prefix = self.store.strip_prefix("d-").unwrap_or(self.store);
        let other = match typed.strip_prefix(&format!("{prefix}-")) {
            Some(bare) => bare.to_owned(),
            None => format!("{prefix}-{typed}"),
        };
        let (as_typed, otherwise, by_name) =
            tokio::join!(self.user(typed), self.user(&other), self.user_id(LookupBy::UserName, typed));
        let lookup = |value: &str, fact: &Fact<Option<User>>| UserLookup {
            by: LookupBy::UserId,
            value: value.to_owned(),
            found: fact.clone().map(|user| user.map(|user| user.id)),
        };
        let lookups = vec![lookup(typed, &as_typed), lookup(&other, &otherwise), by_name];
        let described = [as_typed, otherwise].into_iter().find(|fact| matches!(fact.known(), Ok(Some(_))));
        LookedUp { lookups, described }
    }

    async fn user_id(&self, by: LookupBy, value: &str) -> UserLookup {
        let path = match by {
            LookupBy::UserName => "userName",
            LookupBy::Email | LookupBy::UserId => "emails.value",
        };
        let reply = self.id_by_attribute(Call::GetUserId, path, value).await;
        UserLookup { by, value: value.to_owned(), found: reply.or_none_unless(is_not("USER")).fact() }
    }

    async fn id_by_attribute(&self, call: Call, path: &str, value: &str) -> Reply<String> {
        let attribute = UniqueAttribute::builder()
            .attribute_path(path)
            .attribute_value(Document::String(value.to_owned()))
            .build()
            .map(AlternateIdentifier::UniqueAttribute)
            .ok();
        if call == Call::GetGroupId {
            let send = || {
                let request = self.identity_store.get_group_id().identity_store_id(self.store);
                request.set_alternate_identifier(attribute.clone()).send()
            };
            return self.asker.ask(call, &self.place, send).await.map(|out| present(out.group_id(), "GroupId"));
        }
        let send = || {
            let request = self.identity_store.get_user_id().identity_store_id(self.store);
            request.set_alternate_identifier(attribute.clone()).send()
        };
        self.asker.ask(call, &self.place, send).await.map(|out| present(out.user_id(), "UserId"))
    }

    /// Describes a user. `None`: no such id.
    pub(crate) async fn user(&self, id: &str) -> Fact<Option<User>> {
        let reply = self.describe_user(id, true).await;
        // A service that does not know the extension must not keep back everything else.
        let refused = matches!(&reply.result, Err(failure) if failure.code == "ValidationException");
        let (reply, extended) = if refused { (self.describe_user(id, false).await, false) } else { (reply, true) };
        let reply = reply.map(|out| {
            require_same("UserId", out.user_id(), id)?;
            Ok(User {
                id: present(out.user_id(), "UserId")?,
                user_name: out.user_name().map(str::to_owned),
                display_name: out.display_name().map(str::to_owned),
                emails: out.emails().iter().filter_map(|email| email.value()).map(str::to_owned).collect(),
                status: out.user_status().map(|status| status.as_str().to_owned()),
                external_issuers: issuers(out.external_ids()),
                attributes: user_attributes::of(&out),
                extended,
                created: out.created_at().and_then(super::timestamp),
                touched: touched(out.created_at(), out.created_by(), out.updated_at(), out.updated_by()),
            })
        });
        reply.or_none_unless(is_not("USER")).fact()
    }

    async fn describe_user(&self, id: &str, extended: bool) -> Reply<DescribeUserOutput> {
        let extensions = extended.then(|| vec![user_attributes::ENTERPRISE.to_owned()]);
        let send = || {
            let request = self.identity_store.describe_user().identity_store_id(self.store).user_id(id);
            request.set_extensions(extensions.clone()).send()
        };
        self.asker.ask(Call::DescribeUser, &self.place, send).await
    }

    /// Everybody in the identity store.
    pub(crate) async fn people(&self) -> Fact<Vec<User>> {
        let send = |token| self.send_list_users(token, true);
        let page = |out: ListUsersOutput| listed(&out, Some(true));
        let fact = self.asker.pages(Call::ListUsers, &self.place, send, page).await.fact();
        // A service that does not know the extension must not keep back everything else.
        let refused = matches!(&fact.observed, Observed::Missing(missing) if missing.code == "ValidationException");
        if !refused {
            return fact;
        }
        let send = |token| self.send_list_users(token, false);
        let page = |out: ListUsersOutput| listed(&out, Some(false));
        self.asker.pages(Call::ListUsers, &self.place, send, page).await.fact()
    }

    /// All groups of the identity store.
    pub(crate) async fn groups(&self) -> Fact<Vec<Group>> {
        let send = |token| {
            let request = self.identity_store.list_groups().identity_store_id(self.store).max_results(100);
            request.set_next_token(token).send()
        };
        let page = |out: aws_sdk_identitystore::operation::list_groups::ListGroupsOutput| {
            let rows = out.groups().iter().map(|row| {
                Ok(Group {
                    id: present(row.group_id(), "GroupId")?,
                    name: row.display_name().map(str::to_owned),
                    external_issuers: issuers(row.external_ids()),
                    created: row.created_at().and_then(super::timestamp),
                    touched: touched(row.created_at(), row.created_by(), row.updated_at(), row.updated_by()),
                })
            });
            (rows.collect(), out.next_token().map(str::to_owned))
        };
        self.asker.pages(Call::ListGroups, &self.place, send, page).await.fact()
    }

    /// Who is in a group.
    pub(crate) async fn members(&self, group: &str) -> Fact<Vec<Member>> {
        let send = |token| {
            let request = self.identity_store.list_group_memberships().identity_store_id(self.store);
            request.group_id(group).max_results(100).set_next_token(token).send()
        };
        let page = |out: aws_sdk_identitystore::operation::list_group_memberships::ListGroupMembershipsOutput| {
            let rows = out.group_memberships().iter().map(|row| {
                let Some(MemberId::UserId(user)) = row.member_id() else { return Err(lacking("UserId")) };
                row.group_id().map_or(Ok(()), |found| require_same("GroupId", found, group))?;
                Ok(Member { user_id: present(user, "UserId")?, created: row.created_at().and_then(super::timestamp) })
            });
            (rows.collect(), out.next_token().map(str::to_owned))
        };
        self.asker.pages(Call::ListGroupMemberships, &self.place, send, page).await.fact()
    }

    async fn send_list_users(
        &self,
        token: Option<String>,
        extended: bool,
    ) -> Result<ListUsersOutput, SdkError<ListUsersError, HttpResponse>> {
        let request = self.identity_store.list_users().identity_store_id(self.store).max_results(100);
        let extensions = extended.then(|| vec![user_attributes::ENTERPRISE.to_owned()]);
        request.set_extensions(extensions).set_next_token(token).send().await
    }

    /// Reads users to find close names, as long as there is time for it.
    pub(crate) async fn close_users(&self, typed: &str) -> Fact<UserScan> {
        let begun = Instant::now();
        let send = |token| self.send_list_users(token, false);
        let more = |_: &[User], pages| pages < SCAN_PAGES && begun.elapsed() < SCAN_TIME;
        let scan = self.asker.pages_while(Call::ListUsers, &self.place, send, listed_users, more).await;
        let scan = scan.map(|(users, capped)| {
            let read = users.len();
            let external = users.iter().filter(|user: &&User| !user.external_issuers.is_empty()).count();
            let mut ranked: Vec<(usize, User)> =
                users.into_iter().filter_map(|user| Some((closeness(typed, &user)?, user))).collect();
            ranked.sort_by(|a, b| (a.0, &a.1.user_name).cmp(&(b.0, &b.1.user_name)));
            ranked.truncate(CLOSE);
            Ok(UserScan { close: ranked.into_iter().map(|(_, user)| user).collect(), read, capped, external })
        });
        scan.fact()
    }

    /// The groups that a user is in.
    pub(crate) async fn memberships(&self, user: &str) -> Fact<Vec<Membership>> {
        let member = MemberId::UserId(user.to_owned());
        let send = |token| {
            let request = self.identity_store.list_group_memberships_for_member().identity_store_id(self.store);
            request.member_id(member.clone()).max_results(100).set_next_token(token).send()
        };
        let page = |out: aws_sdk_identitystore::operation::list_group_memberships_for_member::ListGroupMembershipsForMemberOutput| {
            let rows = out.group_memberships().iter().map(|row| {
                if !row.identity_store_id().is_empty() {
                    require_same("IdentityStoreId", row.identity_store_id(), self.store)?;
                }
                if let Some(MemberId::UserId(member)) = row.member_id() {
                    require_same("UserId", member, user)?;
                }
                Ok(Membership {
                    group_id: row.group_id().map(str::to_owned).ok_or_else(|| lacking("GroupId"))?,
                    created: row.created_at().and_then(super::timestamp),
                    touched: touched(row.created_at(), row.created_by(), row.updated_at(), row.updated_by()),
                })
            });
            (rows.collect(), out.next_token().map(str::to_owned))
        };
        self.asker.pages(Call::ListGroupMembershipsForMember, &self.place, send, page).await.fact()
    }

    /// Describes a group. `None`: it does not exist (any more).
    pub(crate) async fn group(&self, id: &str) -> Fact<Option<Group>> {
        let send = || self.identity_store.describe_group().identity_store_id(self.store).group_id(id).send();
        let reply = self.asker.ask(Call::DescribeGroup, &self.place, send).await;
        let reply = reply.map(|out| {
            require_same("GroupId", out.group_id(), id)?;
            Ok(Group {
                id: present(out.group_id(), "GroupId")?,
                name: out.display_name().map(str::to_owned),
                external_issuers: issuers(out.external_ids()),
                created: out.created_at().and_then(super::timestamp),
                touched: touched(out.created_at(), out.created_by(), out.updated_at(), out.updated_by()),
            })
        });
        reply.or_none_unless(is_not("GROUP")).fact()
    }

    /// The id of the group of a name. `None`: no such group.
    pub(crate) async fn group_id(&self, name: &str) -> Fact<Option<String>> {
        let reply = self.id_by_attribute(Call::GetGroupId, "displayName", name).await;
        reply.or_none_unless(is_not("GROUP")).fact()
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a page is handed on whole")]
fn listed_users(out: ListUsersOutput) -> Page<User> {
    listed(&out, None)
}

/// Users of a list; with their attributes where it is said whether the extension was asked for too.
fn listed(out: &ListUsersOutput, extended: Option<bool>) -> Page<User> {
    let users = out.users().iter().map(|user| User {
        id: user.user_id().to_owned(),
        user_name: user.user_name().map(str::to_owned),
        display_name: user.display_name().map(str::to_owned),
        emails: user.emails().iter().filter_map(|email| email.value()).map(str::to_owned).collect(),
        status: user.user_status().map(|status| status.as_str().to_owned()),
        external_issuers: issuers(user.external_ids()),
        attributes: extended.map(|_| user_attributes::of_listed(user)).unwrap_or_default(),
        extended: extended == Some(true),
        created: user.created_at().and_then(super::timestamp),
        touched: touched(user.created_at(), user.created_by(), user.updated_at(), user.updated_by()),
    });
    (Ok(users.collect()), out.next_token().map(str::to_owned))
}

/// A missing identity store is not a missing user.
fn is_not(resource_type: &'static str) -> impl Fn(&Failure) -> bool {
    move |failure| failure.resource_type.as_deref().is_some_and(|missing| missing != resource_type)
}

/// The SDK hands out an empty string where a required member is missing.
pub(crate) fn present(value: &str, member: &str) -> Result<String, Failure> {
    if value.is_empty() { Err(lacking(member)) } else { Ok(value.to_owned()) }
}

/// The answer came without something it must hold.
pub(crate) fn lacking(member: &str) -> Failure {
    Failure::unusable(format!("the answer lacks {member}"))
}

fn issuers(ids: &[ExternalId]) -> Vec<String> {
    ids.iter().map(|id| id.issuer().to_owned()).collect()
}

/// Who made something and who last changed it. What was not changed since has the time at which it was made.
fn touched(
    created: Option<&aws_smithy_types::DateTime>,
    created_by: Option<&str>,
    updated: Option<&aws_smithy_types::DateTime>,
    updated_by: Option<&str>,
) -> Touched {
    let created = created.and_then(super::timestamp);
    let updated = updated.and_then(super::timestamp).filter(|updated| created.is_none_or(|created| *updated > created));
    Touched {
        created_by: created_by.map(str::to_owned),
        updated,
        updated_by: updated_by.filter(|_| updated.is_some()).map(str::to_owned),
    }
}
