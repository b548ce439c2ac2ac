//! Promise 3: a run that stops can be started again and goes on, without a journal.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and prints what it measured"
)]

mod support;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use icepanel_invites::{
    ApplyOptions, Clock, InviteClient, NewInvite, Pacing, Permission, PlanOptions, Report,
    RetryPolicy, Roster,
};
use icepanel_sandbox::{API_KEY, Behaviour, Fault, FaultName, ORGANIZATION_ID, On, Sandbox, State};
use support::{open_state, seed, start};

const PEOPLE: u64 = 500;
const KILLS: usize = 20;

/// Plans and applies a roster of 500.
async fn run(base_url: &str, read_timeout: Duration, clock: Clock) -> Report {
    let client = InviteClient::builder(API_KEY, ORGANIZATION_ID)
        .base_url(base_url)
        .pacing(Pacing::none())
        .read_timeout(read_timeout)
        // A clock that skips does so for all calls at once.
        .timeout(Duration::from_secs(3600))
        // Enough that chance alone does not use them up.
        .retry(RetryPolicy::default().max_attempts(10))
        .clock(clock)
        .build()
        .unwrap();
    let roster = Roster::new((0..PEOPLE).map(|n| {
        let email = format!("person-{n}@example.com");
        NewInvite::new(email, Permission::Read, TimeDelta::days(7))
    }))
    .unwrap();
    let plan = client.plan(&roster, &PlanOptions::default()).await.unwrap();
    let options = ApplyOptions::default();
    client.apply(&plan, &options, |_| {}).await.unwrap()
}

/// After how many creates the run is killed, each time.
fn points(random: &mut fastrand::Rng) -> Vec<u64> {
    let mut points: Vec<u64> = (0..KILLS).map(|_| random.u64(0..PEOPLE * 4 / 5)).collect();
    points.sort_unstable();
    points
}

fn everybody_once(sandbox: &Sandbox, what: &str, began: Instant) {
    let report = sandbox.report();
    println!(
        "{KILLS} {what} in {:.1?}: {} made, {} active, {} addresses twice",
        began.elapsed(),
        report.invites_made_total,
        report.active_invites_total,
        report.addresses_invited_twice.len()
    );
    assert_eq!(report.addresses_invited_twice, Vec::<String>::new());
    assert_eq!(report.invites_made.len() as u64, PEOPLE);
    assert_eq!(report.active_invites_total, PEOPLE);
}

#[tokio::test]
async fn a_run_dropped_at_random_points_and_started_again_invites_everybody_once() {
    let sandbox = start(open_state());
    let mut random = fastrand::Rng::with_seed(seed());
    let points = points(&mut random);
    // What the service has made: a run that is dropped does not see the last of its creates.
    let made = || sandbox.report().invites_made_total;
    let began = Instant::now();
    let mut kills = 0;
    loop {
        let base_url = sandbox.base_url();
        let point = points.get(kills);
        let little = random.u32(0..20);
        // Looks each time the run has got a bit further: a timer could let it get to its end.
        let kill = async {
            while point.is_none_or(|point| made() < *point) {
                tokio::task::yield_now().await;
            }
            for _ in 0..little {
                if made() > PEOPLE * 9 / 10 {
                    break;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            // All is answered, and to a clock that skips a late answer is later than all looks at the list.
            report = run(&base_url, Duration::from_secs(30), Clock::skipping()) => {
                assert!(report.is_complete(), "{report:?}");
                break;
            }
            () = kill => kills += 1,
        }
    }
    assert_eq!(kills, KILLS, "each kill met a run under way");
    everybody_once(&sandbox, "drops", began);
}

/// Not a test: the process that the next ones kill, which is this program once more.
#[tokio::test]
async fn the_process_that_is_killed() {
    if let Ok(base_url) = std::env::var("RESUME_BASE_URL") {
        let report = run(&base_url, Duration::from_secs(1), Clock::system()).await;
        assert!(report.is_complete(), "{report:?}");
    }
}

fn spawn(sandbox: &Sandbox) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_process_that_is_killed"])
        .env("RESUME_BASE_URL", sandbox.base_url())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The same with processes, and SIGKILL where the system has it.
fn killed(faults: Vec<Fault>, behaviour: Behaviour, seed: u64) {
    let sandbox = start(State {
        faults,
        behaviour,
        ..open_state()
    });
    let mut random = fastrand::Rng::with_seed(seed);
    let began = Instant::now();
    for (nth, point) in points(&mut random).into_iter().enumerate() {
        let mut child = spawn(&sandbox);
        // Every second one soon after it began, whatever it was doing then.
        let hasty = Instant::now() + Duration::from_millis(random.u64(0..3000));
        loop {
            // First whether it has ended: a run may get to its end after that.
            let ended = child.try_wait().unwrap();
            if sandbox.report().invites_made_total > point {
                break;
            }
            assert_eq!(ended, None, "each kill meets a run");
            if nth % 2 == 0 && Instant::now() > hasty {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_micros(random.u64(0..3000)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(spawn(&sandbox).wait().unwrap().success());
    everybody_once(&sandbox, "kills", began);
}

#[test]
fn a_process_killed_at_random_points_and_started_again_invites_everybody_once() {
    killed(Vec::new(), Behaviour::default(), seed());
}

#[test]
fn the_same_with_a_list_that_lags_and_one_post_in_five_acting_and_then_failing() {
    let seed = seed();
    // Each is drawn only where the ones before it were not: 1/15 of all, then of what is left.
    let chances = [1.0 / 15.0, 1.0 / 14.0, 1.0 / 13.0];
    let faults = [
        FaultName::ActThenStatus,
        FaultName::ActThenCut,
        FaultName::ActThenHang,
    ];
    let faults = (0..)
        .zip(faults)
        .zip(chances)
        .map(|((nth, fault), probability)| Fault {
            probability,
            seed: seed + nth,
            ..Fault::new(fault).on(On::Create).always()
        })
        .collect();
    let behaviour = Behaviour {
        list_lag_ms: 1000,
        ..Behaviour::default()
    };
    killed(faults, behaviour, seed);
}
