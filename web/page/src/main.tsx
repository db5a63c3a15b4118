import { render } from "preact";
import { start } from "./actions";
import { App } from "./app";
import "./style/base.css";
import "./style/workspace.css";
import "./style/lists.css";

void start();
render(<App />, document.getElementById("app")!);
