//! Teams: who gives them spaces, whether the space is new or not.

use serde_json::json;

use crate::cast::{does, guest};
use crate::talk::{house, new_space};

#[tokio::test(flavor = "multi_thread")]
async fn a_space_goes_to_a_team_of_ones_own_or_by_an_admin_new_or_not() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let (mina_id, mina) = house.member("mina").expect("mina");
    let made = does(&house, &house.token, "POST", "/teams", Some(json!({"name": "디자인"}))).await;
    let team = made["team"]["id"].as_str().expect("an id").to_owned();
    let owner = house.token.clone();
    does(&house, &owner, "PUT", &format!("/teams/{team}/members/{mina_id}"), None).await;
    let hall = new_space(&house, &owner, "closed").await;
    let (_, sam) = guest(&house, &hall, "sam").await;
    let (_, joon_me) = house.ask(Some(&joon), "GET", "/me", None).await.expect("asked");
    let joon_id = joon_me["me"]["id"].clone();

    for (token, name, refusal) in [
        (&joon, "joon", Some("not_in_team")),
        (&sam, "sam", Some("not_allowed")),
        (&mina, "mina", None),
        (&owner, "nari", None),
    ] {
        let body = json!({"name": format!("{name}의 정원"), "kind": "closed", "team": team});
        let (status, answer) = house.ask(Some(token), "POST", "/spaces", Some(body)).await.expect("asked");
        let own = if name == "sam" { hall.clone() } else { new_space(&house, token, "closed").await };
        let path = format!("/teams/{team}/spaces/{own}");
        let (put, put_answer) = house.ask(Some(token), "PUT", &path, None).await.expect("asked");
        match refusal {
            Some(code) => {
                assert_eq!((status, &answer["error"]["code"]), (403, &json!(code)), "{name} makes one");
                assert_eq!((put, &put_answer["error"]["code"]), (403, &json!(code)), "{name} gives one");
                let (taken, answer) = house.ask(Some(token), "DELETE", &path, None).await.expect("asked");
                assert_eq!((taken, &answer["error"]["code"]), (403, &json!(code)), "{name} takes one");
            }
            None => {
                assert_eq!((status, put), (201, 200), "{name}: {answer} {put_answer}");
                for space in [answer["space"]["id"].as_str().expect("an id"), &own] {
                    let (status, _) = house
                        .ask(Some(&mina), "GET", &format!("/spaces/{space}"), None)
                        .await
                        .expect("asked");
                    assert_eq!(status, 200, "who is in the team is in the space of {name}");
                }
                does(&house, token, "DELETE", &path, None).await;
            }
        }
    }
    // Being in the team gives no right to a space that one may not change.
    let foreign = new_space(&house, &owner, "closed").await;
    does(&house, &owner, "POST", &format!("/spaces/{foreign}/members"), Some(json!({"person": mina_id})))
        .await;
    let path = format!("/teams/{team}/spaces/{foreign}");
    let (status, answer) = house.ask(Some(&mina), "PUT", &path, None).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (403, &json!("not_allowed")));
    // Nor does it let anybody into the team itself.
    let path = format!("/teams/{team}/members/{}", joon_id.as_str().expect("an id"));
    let (status, answer) = house.ask(Some(&mina), "PUT", &path, None).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (403, &json!("not_allowed")));
}
