/* Every key of a story's page, in the order of the help sheet. Those without `run` belong to the form of a line or word. */
import type { Commands } from "./bar";
import type { Key } from "./keys";

const READ = "Reading", LOOK = "Looking", RIGHT = "Putting right";

export function storyKeys(does: Commands): Key[] {
  return [
    { keys: ["j", "ArrowRight"], does: "next name or pronoun", group: READ, run: () => does.mention(1) },
    { keys: ["k", "ArrowLeft"], does: "the one before", group: READ, run: () => does.mention(-1) },
    { keys: ["n"], does: "next line", group: READ, run: () => does.line(1) },
    { keys: ["p"], does: "the line before", group: READ, run: () => does.line(-1) },
    { keys: ["s"], does: "next line of this person", group: READ, run: () => does.samePerson(1) },
    { keys: ["S"], does: "their line before", group: READ, run: () => does.samePerson(-1) },
    { keys: ["f"], does: "only what this person says", group: READ, run: does.onlyThis },
    { keys: ["]"], does: "next chapter", group: READ, run: () => does.chapter(1) },
    { keys: ["["], does: "the chapter before", group: READ, run: () => does.chapter(-1) },
    { keys: ["b"], does: "I have read up to here", group: READ, run: does.readUpToHere },
    { keys: ["/"], does: "search", group: LOOK, run: does.search },
    { keys: ["h"], does: "the people", group: LOOK, run: does.people },
    { keys: ["v"], does: "pictures", group: LOOK, run: does.pictures },
    { keys: ["i"], does: "lines in doubt", group: LOOK, run: does.doubts },
    { keys: ["m"], does: "corrections and saving", group: LOOK, run: does.corrections },
    { keys: ["Escape"], does: "one step back; back to the story", group: LOOK },
    { keys: ["?"], does: "this sheet", group: LOOK, run: does.help },
    { keys: ["Enter"], does: "put the line or word right", group: RIGHT, run: does.putRight },
    { keys: ["1"], does: "answer: who it is", group: RIGHT },
    { keys: ["0"], does: "nobody", group: RIGHT },
    { keys: ["w"], does: "somebody else, or a new person", group: RIGHT },
    { keys: ["a"], does: "to whom it is said", group: RIGHT },
    { keys: ["c"], does: "it’s right as it is", group: RIGHT },
    { keys: ["x"], does: "not speech", group: RIGHT },
    { keys: ["t"], does: "only thought", group: RIGHT },
    { keys: ["l"], does: "all like this", group: RIGHT },
    { keys: ["q"], does: "these words are speech", group: RIGHT, run: does.markSpeech },
    { keys: ["d"], does: "next line in doubt", group: RIGHT, run: does.nextDoubt },
    { keys: ["g"], does: "next line that changed", group: RIGHT, run: does.nextChanged },
    { keys: ["u"], does: "undo (also Ctrl Z)", group: RIGHT, run: does.undo },
    { keys: ["r"], does: "do again (also Ctrl Y)", group: RIGHT, run: does.redo },
  ];
}
