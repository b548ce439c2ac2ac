//! The future of each call can go to another thread, and is small enough to lie in another future.

use chrono::TimeDelta;
use icepanel_invites::{
    ApplyOptions, InviteClient, InviteFilter, NewInvite, Permission, PlanOptions, Roster,
};

/// The largest size of a future in bytes. The work of a call is in its own task, on the heap.
const MOST: usize = 4096;

fn size<F: Future + Send>(future: &F) -> usize {
    size_of_val(future)
}

#[tokio::test]
async fn each_future_is_send_and_small() -> Result<(), icepanel_invites::InviteError> {
    let client = InviteClient::builder("key:0123456789abcdef", "acme").build()?;
    let guest = NewInvite::new("ada@example.com", Permission::Read, TimeDelta::days(7));
    let roster = Roster::new([guest.clone()])?;
    let all = InviteFilter::default();
    let options = PlanOptions::default();
    let sizes = [
        ("list", size(&client.list(&all))),
        ("find_active", size(&client.find_active("ada@example.com"))),
        ("create", size(&client.create(&guest))),
        ("ensure", size(&client.ensure(&guest))),
        ("revoke", size(&client.revoke("i"))),
        (
            "revoke_active",
            size(&client.revoke_active("ada@example.com")),
        ),
        ("renew", size(&client.renew("i", TimeDelta::days(7)))),
        ("members", size(&client.members())),
        ("seats", size(&client.seats())),
        ("plan", size(&client.plan(&roster, &options))),
        ("dump", size(&client.dump(None))),
    ];
    let large: Vec<_> = sizes.iter().filter(|(_, size)| *size > MOST).collect();
    assert!(large.is_empty(), "{large:?}");
    let plan = serde_json::json!({
        "organizationId": "acme", "plannedAt": "2026-01-15T12:00:00Z", "steps": [], "writes": 0, "estimateMs": 0,
        "seats": {"paid": 0, "taken": 0, "promised": 0, "free": 0, "needed": 0, "released": 0, "missing": 0},
    });
    let plan = icepanel_invites::Plan::from_json(&plan.to_string())?;
    let run = ApplyOptions::default();
    let run = size(&client.apply(&plan, &run, |_| {}));
    assert!(run <= MOST, "apply: {run} bytes");
    Ok(())
}
