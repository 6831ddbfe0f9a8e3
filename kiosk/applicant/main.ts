/** Starts the applicant's page. */
import { configureLanguage } from "../text/language.ts";
import "./app.ts";

configureLanguage(() => import("../text/en-applicant.ts"));
