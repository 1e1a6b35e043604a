// When a chat is over, says so to parere; a survey with the trigger "event" and the name chat_ended asks then.
// Calls wait in a queue until the tag has run.

/** @type {any} */
const page = window;
const parere = (page.parere = page.parere || { q: [] });
const ended = () => (parere.track ? parere.track('chat_ended') : parere.q.push(['track', 'chat_ended']));

// A chat that sends a DOM event: put its name here.
document.addEventListener('chat:ended', ended);

// A chat in a frame that sends a message: put its origin and its word here.
window.addEventListener('message', (message) => {
  if (message.origin === 'https://chat.example' && message.data === 'chat-ended') ended();
});
