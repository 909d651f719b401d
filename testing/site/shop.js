// What the shop itself does. It knows of the help by the one global that it has.
const basket = document.getElementById("basket");
for (const button of document.querySelectorAll("[data-tea]")) {
  button.addEventListener("click", () => {
    basket.textContent = `In your basket: ${button.dataset.tea}`;
  });
}
document.getElementById("ask")?.addEventListener("click", () => window.madang?.open());
document.getElementById("pay")?.addEventListener("click", ({ currentTarget }) => {
  currentTarget.textContent = "Paid";
});
