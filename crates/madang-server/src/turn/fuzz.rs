//! What a device really says, broken and cut up, for as long as `MADANG_FUZZ_SECONDS` says: a second with all other
//! tests, minutes with `make soak`. What fails says its seed, which is one run.

use std::io;
use std::time::{Duration, Instant};

use super::dialogue::Outcome;
use super::frame::{self, Broken};
use super::message::{CHANNEL, DATA, LIFETIME, Message, PEER, Reply, TRANSPORT};
use super::tests::{ALLOCATE, Answer, BIND, Device, NOW_S, PERMIT, REFRESH, TRANSACTION, house, media};

/// SplitMix64: one seed is one run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % most.max(1) as u64) as usize
    }
}

/// Everything that a device says in a call, each thing once, with its signature.
fn said(device: &Device) -> Vec<Vec<u8>> {
    let signed =
        |kind: u8, fill: &dyn Fn(Reply) -> Reply| device.signed(fill(Reply::new([0, kind], TRANSACTION)));
    let mut spoken = Vec::new();
    frame::numbered(&mut spoken, 0x4001, b"a voice");
    let sent = Reply::new([0, 0x16], TRANSACTION).address(PEER, media()).with(DATA, b"a voice");
    vec![
        Reply::new([0, 1], TRANSACTION).unsigned(),
        signed(ALLOCATE, &|it| it.with(TRANSPORT, &[17, 0, 0, 0])),
        signed(PERMIT, &|it| it.address(PEER, media())),
        signed(BIND, &|it| it.with(CHANNEL, &[0x40, 1, 0, 0]).address(PEER, media())),
        signed(REFRESH, &|it| it.with(LIFETIME, &600_u32.to_be_bytes())),
        sent.unsigned(),
        spoken,
    ]
}

fn break_one(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len());
    match dice.below(5) {
        0 => bytes.truncate(at),
        1 => bytes[at] ^= 1 << dice.below(8),
        2 => bytes[at] = [0, 1, 3, 4, 0x7f, 0x80, 0xff][dice.below(7)],
        // A length of the message itself, near the truth.
        3 if bytes.len() > 4 => bytes[3] = bytes[3].wrapping_add([4, 8, 252, 1][dice.below(4)]),
        _ => bytes.extend(vec![dice.below(256) as u8; dice.below(64)]),
    }
}

fn round(dice: &mut Dice) {
    let relay = house();
    let mut device = Device::of(&relay, 1);
    if dice.below(4) > 0 {
        assert_eq!(device.allocates(), Answer::Fine);
    }
    let all = said(&device);
    let mut stream = Vec::new();
    for _ in 0..8 {
        let mut bytes = all[dice.below(all.len())].clone();
        if dice.below(3) > 0 && !bytes.is_empty() {
            break_one(&mut bytes, dice);
        }
        stream.extend(bytes);
    }
    let mut waiting = Vec::new();
    while !stream.is_empty() {
        let cut = 1 + dice.below(stream.len());
        waiting.extend(stream.drain(..cut));
        loop {
            let (frame, taken) = match frame::first(&waiting, 4096) {
                Ok(Some(found)) => found,
                Ok(None) => break,
                Err(Broken) => return,
            };
            let open = |_| Ok::<_, io::Error>("127.0.0.1:40000".parse().expect("an address"));
            match device.dialogue.receive((device.now, NOW_S), frame, open) {
                Outcome::Nothing => {}
                Outcome::End(_) => return,
                Outcome::Say(answer) => {
                    assert!(answer.len() < 400 && Message::read(&answer).is_some(), "{answer:02x?}");
                }
                Outcome::Pass(place, _) => assert!(place < relay.peers().len()),
            }
            waiting.drain(..taken);
        }
    }
    drop(device);
    assert_eq!(relay.held(), (0, 0), "nothing is left behind");
}

#[test]
fn fuzz_what_a_device_says_broken_and_cut_up() {
    let ask = |name| std::env::var(name).ok().and_then(|it| it.parse::<f64>().ok());
    let until = Instant::now() + Duration::from_secs_f64(ask("MADANG_FUZZ_SECONDS").unwrap_or(1.0));
    for seed in ask("MADANG_FUZZ_SEED").map_or(1, |it| it as u64).. {
        let went = std::panic::catch_unwind(|| round(&mut Dice(seed)));
        assert!(went.is_ok(), "MADANG_FUZZ_SEED={seed} does it again");
        if Instant::now() > until {
            return;
        }
    }
}
