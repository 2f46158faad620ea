//! How much later an answer of the site's own system comes when the service stands before it.

use std::{net::SocketAddr, time::Duration};

use tokio::time::{Instant, interval};

use super::{Bench, row};
use crate::{answering, http::Connection, load::micros, report::percentile, scans, stores::Beside};

/// How many messages come, one every so often, and how many of them at the start only warm up.
const MESSAGES: u64 = 3000;
const WARM: usize = 200;
const PAUSE: Duration = Duration::from_millis(4);

pub(super) async fn measure(bench: &Bench) {
    let bot = answering::serve(Duration::ZERO, |_| answering::ok("text/plain", "heard")).await;
    print("floor: that system asked directly", answers(bot).await);
    for beside in Beside::BOTH {
        let more = [("wechat.apps.0.relay_url", &*format!("http://{bot}/wx"))];
        let product = bench.stores.product_with(&bench.program, beside, 1, &more).await.0;
        print(beside.name(), answers(product.address).await);
    }
}

fn print(which: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    for percent in [50, 99] {
        let what = format!("a message → the answer of the site's own system, p{percent}");
        row(&what, which, vec![percentile(&times, percent)], " µs");
    }
}

/// Returns after how many microseconds each message was answered.
async fn answers(address: SocketAddr) -> Vec<f64> {
    let mut connection = Connection::open(address).await.unwrap();
    let (mut times, mut tick) = (Vec::new(), interval(PAUSE));
    for number in 0..MESSAGES {
        let message = scans::text(number);
        tick.tick().await;
        let begin = Instant::now();
        let answer = connection.exchange(&message).await.unwrap();
        assert_eq!(answer.said(), "200 heard");
        times.push(micros(begin.elapsed()));
    }
    times.split_off(WARM)
}
