//! Changes of members that overlap or are dropped: the organization keeps an admin.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use icepanel_invites::{
    ApplyOptions, ErrorKind, InviteClient, NewInvite, Outcome, Permission, PlanOptions, Roster,
};
use icepanel_sandbox::{Fault, FaultName, Member, On, Sandbox, State};
use support::{builder, client, open_state, start};

/// Two members, `a` and `b`, with these permissions.
fn sandbox(permissions: [&str; 2], fault: Fault) -> Sandbox {
    let member = |(id, permission): (&str, &str)| Member {
        user_id: Some(id.to_owned()),
        ..Member::new(format!("{id}@example.com"), permission)
    };
    start(State {
        members: ["a", "b"]
            .into_iter()
            .zip(permissions)
            .map(member)
            .collect(),
        faults: vec![fault],
        ..open_state()
    })
}

/// Waits until the sandbox has received the request for a removal.
async fn removal_arrives(sandbox: &Sandbox) {
    while sandbox.report().requests.remove_member == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn admins(client: &InviteClient) -> Vec<String> {
    let members = client.members().await.unwrap();
    let admins = members
        .into_iter()
        .filter(|member| member.permission == Permission::Admin);
    admins.map(|member| member.user_id).collect()
}

#[tokio::test]
async fn a_member_who_becomes_an_admin_while_being_removed_does_not_count_as_another_admin() {
    let mut late = Fault::new(FaultName::LateAct).on(On::RemoveMember);
    late.delay_ms = Some(500);
    let sandbox = sandbox(["admin", "write"], late);
    let client = builder(&sandbox)
        .read_timeout(Duration::from_secs(2))
        .build()
        .unwrap();
    let removal = tokio::spawn({
        let client = client.clone();
        async move { client.remove_member("b").await }
    });
    removal_arrives(&sandbox).await;
    client.update_member("b", "admin", None).await.unwrap();
    let error = client.update_member("a", "read", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert_eq!(removal.await.unwrap().unwrap().unwrap().user_id, "b");
    assert_eq!(admins(&client).await, ["a"]);
}

#[tokio::test]
async fn an_admin_whose_removal_was_dropped_does_not_count_until_the_service_confirms_otherwise() {
    let hang = Fault::new(FaultName::Hang).on(On::RemoveMember);
    let sandbox = sandbox(["admin", "admin"], hang);
    let client = client(&sandbox);
    tokio::select! {
        _ = client.remove_member("b") => unreachable!("the call is never answered"),
        () = removal_arrives(&sandbox) => {}
    }
    for error in [
        client.remove_member("a").await.unwrap_err(),
        client.update_member("a", "read", None).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        assert!(error.advice().contains("in a minute"), "{}", error.advice());
    }
    // The update is sent although the list shows the permission already.
    client.update_member("b", "admin", None).await.unwrap();
    assert_eq!(sandbox.report().requests.update_member, 1);
    assert_eq!(admins(&client).await, ["a", "b"]);
}

#[tokio::test]
async fn a_removal_answered_with_404_is_called_again_if_the_members_cannot_be_read() {
    let refused = |on, status| {
        let mut fault = Fault::new(FaultName::Status).on(on);
        fault.status = Some(status);
        fault
    };
    let sandbox = sandbox(["admin", "write"], refused(On::RemoveMember, 404));
    let mut unreadable = refused(On::Members, 422);
    unreadable.skip = 1;
    sandbox.add_faults([unreadable]).unwrap();
    let client = client(&sandbox);
    let error = client.remove_member("b").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(error.message().contains("may have been made"), "{error}");
    assert!(error.advice().starts_with("Call again"), "{error}");
    assert!(client.remove_member("b").await.unwrap().is_some());
}

#[tokio::test]
async fn two_runs_of_one_client_at_the_same_time_leave_an_admin() {
    // Both would read the members before either has changed one.
    let mut slow = Fault::new(FaultName::SlowHeaders).on(On::Members).always();
    slow.delay_ms = Some(200);
    let sandbox = sandbox(["admin", "admin"], slow);
    let client = client(&sandbox);
    let demote = async |member: &str| {
        let email = format!("{member}@example.com");
        let entry = NewInvite::new(email, Permission::Read, TimeDelta::days(7));
        let roster = Roster::new([entry]).unwrap();
        let options = PlanOptions::default().manage_members(true);
        let plan = client.plan(&roster, &options).await.unwrap();
        let options = ApplyOptions::default();
        client.apply(&plan, &options, |_| {}).await.unwrap()
    };
    let (one, other) = tokio::join!(demote("a"), demote("b"));
    let mut outcomes = [one.lines[0].outcome, other.lines[0].outcome];
    outcomes.sort_by_key(|outcome| outcome.as_str());
    assert_eq!(outcomes, [Outcome::Deferred, Outcome::Done]);
    assert_eq!(sandbox.report().fewest_admins, 1);
}

#[tokio::test]
async fn the_event_of_a_lost_response_announces_that_the_list_is_read() {
    let cut = Fault::new(FaultName::ActThenHang).on(On::RemoveMember);
    let sandbox = sandbox(["admin", "write"], cut);
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let client = builder(&sandbox)
        .read_timeout(Duration::from_millis(750))
        .retry(icepanel_invites::RetryPolicy::never())
        .on_event({
            let seen = seen.clone();
            move |event| {
                let line = format!("{} {}", event.operation, event.next.as_str());
                seen.lock().unwrap().push(line);
            }
        })
        .build()
        .unwrap();
    client
        .remove_member("B@example.com")
        .await
        .unwrap()
        .unwrap();
    let seen = seen.lock().unwrap();
    let expected = [
        "list_members done",
        "remove_member look_up",
        "list_members done",
    ];
    assert_eq!(*seen, expected);
}
