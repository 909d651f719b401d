//! What only reads does not make the writer wait.

use madang_model::permission::Role;

use crate::house::{house, invited, secret_of};

#[tokio::test]
async fn links_and_offers_are_shown_without_writing() {
    let house = house().await;
    let app = &house.app;
    let invitation = invited(app.invite(house.nari, "dara@example.com", Role::Member).await);
    let (_, url) = app.create_link(house.joon, house.garden, None, None).await.expect("a link");
    let before = app.db.stats().jobs;
    app.links(house.joon, house.garden).await.expect("links");
    app.door(&secret_of(&url)).await.expect("a door");
    app.offer(&invitation).await.expect("an offer");
    app.invitations(house.nari).await.expect("invitations");
    app.members(house.joon, house.garden).await.expect("members");
    assert_eq!(app.db.stats().jobs, before);
}
