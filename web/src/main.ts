/* Where one is: #/ is the shelf, #/s/ID a story, #/s/ID/b/N a place in it. */
import "./page.css";
import { el } from "./elements";
import { Server } from "./server";
import { ShelfPage } from "./shelf_page";
import { StoryPage } from "./story_page";
import { applyTheme } from "./theme";

const app = document.querySelector<HTMLElement>("#app")!;
const server = new Server();
let stop = new AbortController();

function route(): void {
  stop.abort();
  stop = new AbortController();
  scrollTo(0, 0);
  const place = /^#\/s\/(\d+)(?:\/b\/(\d+))?$/.exec(location.hash);
  document.documentElement.dataset.page = place ? "story" : "shelf";
  if (!place) { new ShelfPage(server, app, stop.signal); return; }
  const block = place[2] === undefined ? null : Number(place[2]);
  StoryPage.open(Number(place[1]), server, app, block, stop.signal).catch((error: Error) => {
    app.replaceChildren(el("p", { class: "waiting", role: "alert" }, `${error.message} `, el("a", { href: "#/" }, "All stories")));
  });
}

applyTheme();
history.scrollRestoration = "manual";
addEventListener("hashchange", route);
route();
