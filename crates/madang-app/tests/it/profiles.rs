//! What a device that was away is told of people when it comes back.

use madang_app::Hello;
use madang_model::PersonId;
use madang_model::permission::SpaceRole;

use crate::house::{House, closed_space, engines, house_on};

/// What the guest's device holds once it was greeted.
async fn greeted(house: &House) -> Hello {
    let welcome = house.app.welcome(house.sam, Hello::default()).await.expect("a welcome");
    let heads = welcome.spaces.iter().map(|it| (it.space.facts.id, it.space.facts.head)).collect();
    Hello { epoch: welcome.epoch, rev: welcome.rev, heads, people_at: welcome.people_at }
}

/// The names that the guest's device is told of when it comes back.
async fn told(house: &House, held: &Hello) -> Vec<String> {
    let welcome = house.app.welcome(house.sam, held.clone()).await.expect("a welcome");
    assert!(welcome.people.iter().all(|it| it.id == house.sam || it.email.is_none()), "{welcome:?}");
    let mut names: Vec<String> = welcome.people.into_iter().map(|it| it.name).collect();
    names.sort_unstable();
    names
}

async fn rename(house: &House, person: PersonId, name: &str) {
    house.app.change_profile(person, Some(name.into()), None).await.expect("renamed");
}

#[tokio::test]
async fn a_guest_that_was_away_is_told_of_whoever_it_came_together_with_meanwhile() {
    for engine in engines() {
        let house = house_on(engine).await;
        let (app, joon, mina) = (&house.app, house.joon, house.mina);
        let add = async |space, name: &str| {
            let added = app.add_to_space(joon, space, &format!("{name}@example.com"), SpaceRole::Guest).await;
            added.expect("added");
        };
        rename(&house, mina, "민아").await;
        let held = greeted(&house).await;
        assert_eq!(told(&house, &held).await, [""; 0], "sam does not know mina");
        add(house.garden, "mina").await;
        assert_eq!(told(&house, &held).await, ["민아"], "mina came to sam, joon was there");
        rename(&house, joon, "준").await;
        assert_eq!(told(&house, &held).await, ["민아", "준"], "joon changed");

        let shed = closed_space(app, joon).await;
        rename(&house, house.nari, "나리").await;
        add(shed, "nari").await;
        let held = greeted(&house).await;
        assert_eq!(told(&house, &held).await, [""; 0], "sam is not in the shed");
        add(shed, "sam").await;
        assert_eq!(told(&house, &held).await, ["나리", "준"], "sam came to those in the shed");
    }
}

#[tokio::test]
async fn whoever_saw_one_change_of_a_profile_has_seen_all_before_it() {
    for engine in engines() {
        let house = house_on(engine).await;
        let turns = (0..20).map(|number| {
            let (app, person) = (house.app.clone(), [house.joon, house.mina, house.nari][number % 3]);
            tokio::spawn(async move {
                let changed = app.change_profile(person, Some(format!("이름 {number}")), None).await;
                changed.expect("renamed");
            })
        });
        let turns: Vec<_> = turns.collect();
        let (mut names, mut people_at) = (std::collections::BTreeMap::new(), 0);
        let mut look = async || {
            let known = Hello { people_at, epoch: greeted(&house).await.epoch, ..Hello::default() };
            let welcome = house.app.welcome(house.nari, known).await.expect("a welcome");
            names.extend(welcome.people.into_iter().map(|it| (it.id, it.name)));
            people_at = welcome.people_at;
        };
        for turn in turns {
            look().await;
            turn.await.expect("it does not panic");
        }
        look().await;
        let now = house.app.welcome(house.nari, Hello::default()).await.expect("a welcome").people;
        let now = now.into_iter().map(|it| (it.id, it.name)).collect::<std::collections::BTreeMap<_, _>>();
        assert_eq!(names, now);
    }
}
