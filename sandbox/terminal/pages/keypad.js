// The keypad and the ready sums: they type into the field that was touched last, the code's at first.

const fields = [...document.querySelectorAll("input.digits")];
let field = fields.find((each) => each === document.activeElement) ?? fields[0];

for (const each of fields) each.addEventListener("focus", () => { field = each; });

document.addEventListener("click", ({ target }) => {
  const key = target.closest("button[data-digit], button[data-erase], button[data-sum]");
  if (!key || !field) return;
  if (key.dataset.sum) {
    field = document.getElementById("sum");
    field.value = key.dataset.sum;
  } else if (key.dataset.digit) {
    field.value = (field.value + key.dataset.digit).slice(0, field.maxLength);
  } else {
    field.value = field.value.slice(0, -1);
  }
});
