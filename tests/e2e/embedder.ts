// A shop's own program that speaks to the widget, checked against www/parere.d.ts and never run.

const parere = window.parere;

parere?.show("nps");
parere?.show("nps", {});
parere?.dismiss();
parere?.identify({ subject: "c-77", attributes: { plan: "gold", orders: 12, newsletter: false } });
parere?.track("order placed", { total: 129.9, currency: "EUR" });
parere?.consent("granted");

parere?.on("shown", ({ survey }) => survey.toUpperCase());
parere?.on("answered", ({ survey, id, score, revision, comment }) => {
  const line: string = `${survey} ${id} ${score.toFixed()} ${revision.toFixed()} ${comment ?? ""}`;
  return line;
});
parere?.on("dismissed", ({ survey }) => survey);
parere?.on("error", (error) => console.warn(error));

const reasons: Promise<string[]> | undefined = parere?.explain().then((surveys) =>
  surveys.flatMap(({ survey, gates }) => gates.filter(({ pass }) => !pass).map(({ gate, seen, says }) => `${survey}: ${gate} saw ${seen}. ${says}`)));

const slot = document.createElement("parere-survey");
slot.setAttribute("survey", "nps");
slot.addEventListener("parere:answered", ({ detail }) => detail.score > 8);
document.addEventListener("parere:shown", ({ detail }) => detail.survey);
document.querySelector("parere-survey")?.addEventListener("parere:dismissed", ({ detail }) => detail.survey);

// What is not there is a mistake that the editor shows.
// @ts-expect-error there is no such moment
parere?.on("closed", () => {});
// @ts-expect-error a survey has a name
parere?.show();
// @ts-expect-error consent is one of two words
parere?.consent("maybe");
// @ts-expect-error an answer has no mood
parere?.on("answered", ({ mood }) => mood);
// @ts-expect-error before the tag has run there is nothing
window.parere.dismiss();
// @ts-expect-error there is no such option
parere?.show("nps", { when: "now" });

export { reasons };
