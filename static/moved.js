// Readers who come to an old address are led to what they came for: a refresh alone would lose what stands behind the #.
"use strict";
window.location.replace(document.querySelector("main a").href + window.location.hash);
