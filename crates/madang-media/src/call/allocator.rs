//! Shares what a way carries among the pictures that its participant wants.
//!
//! Pure: the same question has the same answer. Down goes what does not fit, at once; up goes a
//! picture only where there is room to spare, one step at a time. Voices were taken out before.

use crate::track::Layer;

/// A picture that is wanted, with the layers that there are, smallest first.
#[derive(Debug, Clone)]
pub struct Asked {
    pub priority: u8,
    pub layers: Vec<Step>,
    pub current: Option<Layer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub layer: Layer,
    pub rate: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    /// For each that was asked, in the same order.
    pub layers: Vec<Option<Layer>>,
    /// What is given takes.
    pub spent: u64,
    /// What all that is wanted would take.
    pub desired: u64,
    /// What it takes to raise the next picture by a step. None: nothing is to be raised.
    pub next: Option<u64>,
}

/// What may go up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rise {
    /// Any picture, by a step.
    Step,
    /// What is dark may begin; what is seen stays as it is.
    Begin,
    /// Something had to go down a moment ago.
    Hardly,
}

/// A layer that is on stays on while it fits into a little more than there is: rates breathe.
const STAYS: (u64, u64) = (108, 100);
/// One that is off needs a little less than there is.
const BEGINS: (u64, u64) = (88, 100);
/// The very first, while all is dark, needs no more than it takes: to see nothing is worse than to
/// see it go down again.
const FIRST: (u64, u64) = (1, 1);
/// Shortly after something had to go down, only a smallest picture may begin, and only far below
/// what there is.
const BEGINS_SOON: (u64, u64) = (60, 100);

/// `lately`: the best that there was in the last moments. By that a smallest picture stays on: the
/// estimate often dips when it begins, and would rise again only while it goes on.
pub fn share(budget: u64, lately: u64, asked: &[Asked], rise: Rise) -> Shares {
    let mut chosen: Vec<Option<usize>> = vec![None; asked.len()];
    let mut spent = 0;
    let mut raised = false;
    let mut next: Option<u64> = None;
    let mut order: Vec<usize> = (0..asked.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(asked[index].priority));
    // The smallest picture of each first, then the next step of each: nobody's picture is large
    // while a less important one is dark.
    for depth in 0..Layer::ALL.len() {
        for &index in &order {
            let picture = &asked[index];
            let Some(step) = picture.layers.get(depth) else { continue };
            if depth > 0 && chosen[index] != Some(depth - 1) {
                continue;
            }
            let before = depth.checked_sub(1).map_or(0, |below| picture.layers[below].rate);
            let total = spent - before.min(spent) + step.rate;
            let is_on = picture.current.is_some_and(|current| current >= step.layer);
            let (share, of) = match (is_on, rise) {
                (true, _) => STAYS,
                (false, Rise::Hardly) if depth == 0 => BEGINS_SOON,
                (false, Rise::Step | Rise::Begin) if depth == 0 && spent == 0 => FIRST,
                (false, Rise::Step | Rise::Begin) if depth == 0 => BEGINS,
                (false, Rise::Step) if !raised => BEGINS,
                _ => (0, 1),
            };
            let there = if is_on && depth == 0 { budget.max(lately) } else { budget };
            if total <= there * share / of {
                raised |= !is_on && depth > 0;
                chosen[index] = Some(depth);
                spent = total;
            } else {
                next = Some(next.map_or(total, |known| known.min(total)));
            }
        }
    }
    Shares {
        layers: chosen
            .iter()
            .zip(asked)
            .map(|(chosen, asked)| chosen.map(|at| asked.layers[at].layer))
            .collect(),
        spent,
        desired: asked.iter().filter_map(|asked| asked.layers.last()).map(|step| step.rate).sum(),
        next,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Asked, Rise, Step, share};
    use crate::track::Layer::{self, F, H, Q};

    fn camera(priority: u8, current: Option<Layer>) -> Asked {
        let step = |layer, rate| Step { layer, rate };
        Asked { priority, layers: vec![step(Q, 100), step(H, 300), step(F, 1000)], current }
    }

    fn check(budget: u64, asked: &[Asked], expected: &[Option<Layer>]) {
        assert_eq!(share(budget, budget, asked, Rise::Step).layers, expected, "with {budget}");
    }

    #[test]
    fn everybody_is_seen_before_anybody_is_large() {
        let two = [camera(1, None), camera(0, None)];
        check(50, &two, &[None, None]);
        check(100, &two, &[Some(Q), None]);
        check(210, &two, &[Some(Q), None]);
        check(240, &two, &[Some(Q), Some(Q)]);
        check(500, &two, &[Some(H), Some(Q)]);
    }

    #[test]
    fn down_goes_at_once_and_up_needs_room_to_spare() {
        check(990, &[camera(0, Some(F))], &[Some(F)]);
        check(900, &[camera(0, Some(F))], &[Some(H)]);
        check(1100, &[camera(0, Some(H))], &[Some(H)]);
        check(1200, &[camera(0, Some(H))], &[Some(F)]);
        assert_eq!(share(9000, 9000, &[camera(0, Some(Q))], Rise::Begin).layers, [Some(Q)]);
    }

    #[test]
    fn a_smallest_picture_outlives_a_dip() {
        let pictures = [camera(1, Some(H)), camera(0, Some(Q))];
        assert_eq!(share(50, 450, &pictures, Rise::Hardly).layers, [Some(Q), Some(Q)]);
        assert_eq!(share(50, 50, &pictures, Rise::Hardly).layers, [None, None]);
    }

    #[test]
    fn what_is_dark_begins_though_nothing_may_get_larger_and_hardly_after_a_fall() {
        let pictures = [camera(1, Some(Q)), camera(0, None)];
        assert_eq!(share(600, 600, &pictures, Rise::Begin).layers, [Some(Q), Some(Q)]);
        assert_eq!(share(300, 300, &pictures, Rise::Hardly).layers, [Some(Q), None]);
        assert_eq!(share(600, 600, &pictures, Rise::Hardly).layers, [Some(Q), Some(Q)]);
    }

    #[test]
    fn it_tells_what_the_next_step_takes() {
        let shares = share(400, 400, &[camera(0, Some(H))], Rise::Step);
        assert_eq!((shares.next, shares.desired), (Some(1000), 1000));
        assert_eq!(share(2000, 2000, &[camera(0, Some(F))], Rise::Step).next, None);
    }

    proptest! {
        #[test]
        fn never_more_than_there_is_and_never_less_for_what_matters_more(
            budget in 0u64..4000,
            wants in proptest::collection::vec((0u8..4, 1u64..500, 1u64..500, 0usize..4), 0..9),
        ) {
            let asked: Vec<Asked> = wants.iter().map(|&(priority, first, more, on)| Asked {
                priority,
                layers: vec![Step { layer: Q, rate: first }, Step { layer: H, rate: first + more }],
                current: [None, Some(Q), Some(H), Some(F)][on],
            }).collect();
            let shares = share(budget, budget, &asked, Rise::Step);
            let spent: u64 = shares.layers.iter().zip(&asked).filter_map(|(layer, asked)| {
                asked.layers.iter().find(|step| Some(step.layer) == *layer).map(|step| step.rate)
            }).sum();
            prop_assert!(spent <= budget * 108 / 100);
            // Of two that ask for the same, the more important one gets no less.
            for (a, asked_a) in asked.iter().enumerate() {
                for (b, asked_b) in asked.iter().enumerate() {
                    let same = asked_a.layers == asked_b.layers && asked_a.current == asked_b.current;
                    if same && asked_a.priority > asked_b.priority && shares.layers[b].is_some() {
                        prop_assert!(shares.layers[a].is_some());
                    }
                }
            }
        }
    }
}
