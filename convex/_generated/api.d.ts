/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";
import type * as activePointer from "../activePointer.js";
import type * as artifacts from "../artifacts.js";
import type * as assignment from "../assignment.js";
import type * as autopilot from "../autopilot.js";
import type * as blobs from "../blobs.js";
import type * as bugLog from "../bugLog.js";
import type * as callBudget from "../callBudget.js";
import type * as canaries from "../canaries.js";
import type * as canaryCount from "../canaryCount.js";
import type * as canaryHistory from "../canaryHistory.js";
import type * as canaryRows from "../canaryRows.js";
import type * as chat from "../chat.js";
import type * as compileJobs from "../compileJobs.js";
import type * as compileStep from "../compileStep.js";
import type * as correctness from "../correctness.js";
import type * as crons from "../crons.js";
import type * as datasetDrift from "../datasetDrift.js";
import type * as datasets from "../datasets.js";
import type * as deployment from "../deployment.js";
import type * as evalStep from "../evalStep.js";
import type * as evals from "../evals.js";
import type * as evidence from "../evidence.js";
import type * as exercise from "../exercise.js";
import type * as exerciser from "../exerciser.js";
import type * as failure from "../failure.js";
import type * as gate from "../gate.js";
import type * as http from "../http.js";
import type * as interrupted from "../interrupted.js";
import type * as ledger from "../ledger.js";
import type * as mining from "../mining.js";
import type * as model from "../model.js";
import type * as nightResult from "../nightResult.js";
import type * as offer from "../offer.js";
import type * as openPredicts from "../openPredicts.js";
import type * as opsRunEvents from "../opsRunEvents.js";
import type * as opsRuns from "../opsRuns.js";
import type * as pages_assetRoutes from "../pages/assetRoutes.js";
import type * as pages_browser_autopilotScript from "../pages/browser/autopilotScript.js";
import type * as pages_browser_pageScript from "../pages/browser/pageScript.js";
import type * as pages_browser_pageStyle from "../pages/browser/pageStyle.js";
import type * as pages_chat_autopilotPage from "../pages/chat/autopilotPage.js";
import type * as pages_chat_autopilotRoute from "../pages/chat/autopilotRoute.js";
import type * as pages_chat_cardText from "../pages/chat/cardText.js";
import type * as pages_chat_chatMessage from "../pages/chat/chatMessage.js";
import type * as pages_chat_recapControls from "../pages/chat/recapControls.js";
import type * as pages_chat_signatureCard from "../pages/chat/signatureCard.js";
import type * as pages_document from "../pages/document.js";
import type * as pages_night_attachmentRoute from "../pages/night/attachmentRoute.js";
import type * as pages_night_canaryChanges from "../pages/night/canaryChanges.js";
import type * as pages_night_canarySection from "../pages/night/canarySection.js";
import type * as pages_night_candidates from "../pages/night/candidates.js";
import type * as pages_night_flips from "../pages/night/flips.js";
import type * as pages_night_gainSection from "../pages/night/gainSection.js";
import type * as pages_night_nightLine from "../pages/night/nightLine.js";
import type * as pages_night_nightModel from "../pages/night/nightModel.js";
import type * as pages_night_nightPage from "../pages/night/nightPage.js";
import type * as pages_night_nightRoutes from "../pages/night/nightRoutes.js";
import type * as pages_night_nightsPage from "../pages/night/nightsPage.js";
import type * as pages_night_promptDiff from "../pages/night/promptDiff.js";
import type * as pages_night_safety from "../pages/night/safety.js";
import type * as pages_night_testResults from "../pages/night/testResults.js";
import type * as pages_night_timeline from "../pages/night/timeline.js";
import type * as pages_pageHeaders from "../pages/pageHeaders.js";
import type * as pages_pieces_dataTable from "../pages/pieces/dataTable.js";
import type * as pages_pieces_excerpt from "../pages/pieces/excerpt.js";
import type * as pages_pieces_facts from "../pages/pieces/facts.js";
import type * as pages_pieces_intervalBar from "../pages/pieces/intervalBar.js";
import type * as pages_pieces_links from "../pages/pieces/links.js";
import type * as pages_pieces_notFound from "../pages/pieces/notFound.js";
import type * as pages_pieces_page from "../pages/pieces/page.js";
import type * as pages_pieces_pageFailed from "../pages/pieces/pageFailed.js";
import type * as pages_pieces_unreadable from "../pages/pieces/unreadable.js";
import type * as pages_pieces_verdictMark from "../pages/pieces/verdictMark.js";
import type * as pages_pieces_when from "../pages/pieces/when.js";
import type * as pages_record_anchorAgreement from "../pages/record/anchorAgreement.js";
import type * as pages_record_artifactPage from "../pages/record/artifactPage.js";
import type * as pages_record_datasetPage from "../pages/record/datasetPage.js";
import type * as pages_record_evalReportPage from "../pages/record/evalReportPage.js";
import type * as pages_record_receiptPage from "../pages/record/receiptPage.js";
import type * as pages_record_recordRoutes from "../pages/record/recordRoutes.js";
import type * as pages_record_reportPage from "../pages/record/reportPage.js";
import type * as pages_record_requestPage from "../pages/record/requestPage.js";
import type * as pages_record_signaturePage from "../pages/record/signaturePage.js";
import type * as pages_record_tracePage from "../pages/record/tracePage.js";
import type * as pages_routes from "../pages/routes.js";
import type * as pages_signIn from "../pages/signIn.js";
import type * as pages_signInNeeded from "../pages/signInNeeded.js";
import type * as pages_stored from "../pages/stored.js";
import type * as pages_wording_figures from "../pages/wording/figures.js";
import type * as pages_wording_foldDiff from "../pages/wording/foldDiff.js";
import type * as pages_wording_instant from "../pages/wording/instant.js";
import type * as pages_wording_links from "../pages/wording/links.js";
import type * as pages_wording_plainJson from "../pages/wording/plainJson.js";
import type * as pages_wording_verdictSentence from "../pages/wording/verdictSentence.js";
import type * as promotion from "../promotion.js";
import type * as recap from "../recap.js";
import type * as recapRows from "../recapRows.js";
import type * as receipts from "../receipts.js";
import type * as replayCompile from "../replayCompile.js";
import type * as replayNight from "../replayNight.js";
import type * as replayRows from "../replayRows.js";
import type * as reports from "../reports.js";
import type * as review from "../review.js";
import type * as roles from "../roles.js";
import type * as rollBack from "../rollBack.js";
import type * as routes_access from "../routes/access.js";
import type * as routes_app from "../routes/app.js";
import type * as routes_authRoutes from "../routes/authRoutes.js";
import type * as routes_autopilotRoutes from "../routes/autopilotRoutes.js";
import type * as routes_compileRoutes from "../routes/compileRoutes.js";
import type * as routes_evalRoutes from "../routes/evalRoutes.js";
import type * as routes_exerciseRoutes from "../routes/exerciseRoutes.js";
import type * as routes_miningRoutes from "../routes/miningRoutes.js";
import type * as routes_opsRoutes from "../routes/opsRoutes.js";
import type * as routes_receiptRoutes from "../routes/receiptRoutes.js";
import type * as routes_releaseRoutes from "../routes/releaseRoutes.js";
import type * as routes_route from "../routes/route.js";
import type * as routes_signInByToken from "../routes/signInByToken.js";
import type * as routes_tokens from "../routes/tokens.js";
import type * as runAttachments from "../runAttachments.js";
import type * as runEvidence from "../runEvidence.js";
import type * as runLease from "../runLease.js";
import type * as runShards from "../runShards.js";
import type * as scorer from "../scorer.js";
import type * as signatureCard from "../signatureCard.js";
import type * as signatureChat from "../signatureChat.js";
import type * as soakCount from "../soakCount.js";
import type * as soakRows from "../soakRows.js";
import type * as stopWatch from "../stopWatch.js";
import type * as stopped from "../stopped.js";
import type * as views from "../views.js";
import type * as watchdog from "../watchdog.js";

/**
 * A utility for referencing Convex functions in your app's API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
declare const fullApi: ApiFromModules<{
  activePointer: typeof activePointer;
  artifacts: typeof artifacts;
  assignment: typeof assignment;
  autopilot: typeof autopilot;
  blobs: typeof blobs;
  bugLog: typeof bugLog;
  callBudget: typeof callBudget;
  canaries: typeof canaries;
  canaryCount: typeof canaryCount;
  canaryHistory: typeof canaryHistory;
  canaryRows: typeof canaryRows;
  chat: typeof chat;
  compileJobs: typeof compileJobs;
  compileStep: typeof compileStep;
  correctness: typeof correctness;
  crons: typeof crons;
  datasetDrift: typeof datasetDrift;
  datasets: typeof datasets;
  deployment: typeof deployment;
  evalStep: typeof evalStep;
  evals: typeof evals;
  evidence: typeof evidence;
  exercise: typeof exercise;
  exerciser: typeof exerciser;
  failure: typeof failure;
  gate: typeof gate;
  http: typeof http;
  interrupted: typeof interrupted;
  ledger: typeof ledger;
  mining: typeof mining;
  model: typeof model;
  nightResult: typeof nightResult;
  offer: typeof offer;
  openPredicts: typeof openPredicts;
  opsRunEvents: typeof opsRunEvents;
  opsRuns: typeof opsRuns;
  "pages/assetRoutes": typeof pages_assetRoutes;
  "pages/browser/autopilotScript": typeof pages_browser_autopilotScript;
  "pages/browser/pageScript": typeof pages_browser_pageScript;
  "pages/browser/pageStyle": typeof pages_browser_pageStyle;
  "pages/chat/autopilotPage": typeof pages_chat_autopilotPage;
  "pages/chat/autopilotRoute": typeof pages_chat_autopilotRoute;
  "pages/chat/cardText": typeof pages_chat_cardText;
  "pages/chat/chatMessage": typeof pages_chat_chatMessage;
  "pages/chat/recapControls": typeof pages_chat_recapControls;
  "pages/chat/signatureCard": typeof pages_chat_signatureCard;
  "pages/document": typeof pages_document;
  "pages/night/attachmentRoute": typeof pages_night_attachmentRoute;
  "pages/night/canaryChanges": typeof pages_night_canaryChanges;
  "pages/night/canarySection": typeof pages_night_canarySection;
  "pages/night/candidates": typeof pages_night_candidates;
  "pages/night/flips": typeof pages_night_flips;
  "pages/night/gainSection": typeof pages_night_gainSection;
  "pages/night/nightLine": typeof pages_night_nightLine;
  "pages/night/nightModel": typeof pages_night_nightModel;
  "pages/night/nightPage": typeof pages_night_nightPage;
  "pages/night/nightRoutes": typeof pages_night_nightRoutes;
  "pages/night/nightsPage": typeof pages_night_nightsPage;
  "pages/night/promptDiff": typeof pages_night_promptDiff;
  "pages/night/safety": typeof pages_night_safety;
  "pages/night/testResults": typeof pages_night_testResults;
  "pages/night/timeline": typeof pages_night_timeline;
  "pages/pageHeaders": typeof pages_pageHeaders;
  "pages/pieces/dataTable": typeof pages_pieces_dataTable;
  "pages/pieces/excerpt": typeof pages_pieces_excerpt;
  "pages/pieces/facts": typeof pages_pieces_facts;
  "pages/pieces/intervalBar": typeof pages_pieces_intervalBar;
  "pages/pieces/links": typeof pages_pieces_links;
  "pages/pieces/notFound": typeof pages_pieces_notFound;
  "pages/pieces/page": typeof pages_pieces_page;
  "pages/pieces/pageFailed": typeof pages_pieces_pageFailed;
  "pages/pieces/unreadable": typeof pages_pieces_unreadable;
  "pages/pieces/verdictMark": typeof pages_pieces_verdictMark;
  "pages/pieces/when": typeof pages_pieces_when;
  "pages/record/anchorAgreement": typeof pages_record_anchorAgreement;
  "pages/record/artifactPage": typeof pages_record_artifactPage;
  "pages/record/datasetPage": typeof pages_record_datasetPage;
  "pages/record/evalReportPage": typeof pages_record_evalReportPage;
  "pages/record/receiptPage": typeof pages_record_receiptPage;
  "pages/record/recordRoutes": typeof pages_record_recordRoutes;
  "pages/record/reportPage": typeof pages_record_reportPage;
  "pages/record/requestPage": typeof pages_record_requestPage;
  "pages/record/signaturePage": typeof pages_record_signaturePage;
  "pages/record/tracePage": typeof pages_record_tracePage;
  "pages/routes": typeof pages_routes;
  "pages/signIn": typeof pages_signIn;
  "pages/signInNeeded": typeof pages_signInNeeded;
  "pages/stored": typeof pages_stored;
  "pages/wording/figures": typeof pages_wording_figures;
  "pages/wording/foldDiff": typeof pages_wording_foldDiff;
  "pages/wording/instant": typeof pages_wording_instant;
  "pages/wording/links": typeof pages_wording_links;
  "pages/wording/plainJson": typeof pages_wording_plainJson;
  "pages/wording/verdictSentence": typeof pages_wording_verdictSentence;
  promotion: typeof promotion;
  recap: typeof recap;
  recapRows: typeof recapRows;
  receipts: typeof receipts;
  replayCompile: typeof replayCompile;
  replayNight: typeof replayNight;
  replayRows: typeof replayRows;
  reports: typeof reports;
  review: typeof review;
  roles: typeof roles;
  rollBack: typeof rollBack;
  "routes/access": typeof routes_access;
  "routes/app": typeof routes_app;
  "routes/authRoutes": typeof routes_authRoutes;
  "routes/autopilotRoutes": typeof routes_autopilotRoutes;
  "routes/compileRoutes": typeof routes_compileRoutes;
  "routes/evalRoutes": typeof routes_evalRoutes;
  "routes/exerciseRoutes": typeof routes_exerciseRoutes;
  "routes/miningRoutes": typeof routes_miningRoutes;
  "routes/opsRoutes": typeof routes_opsRoutes;
  "routes/receiptRoutes": typeof routes_receiptRoutes;
  "routes/releaseRoutes": typeof routes_releaseRoutes;
  "routes/route": typeof routes_route;
  "routes/signInByToken": typeof routes_signInByToken;
  "routes/tokens": typeof routes_tokens;
  runAttachments: typeof runAttachments;
  runEvidence: typeof runEvidence;
  runLease: typeof runLease;
  runShards: typeof runShards;
  scorer: typeof scorer;
  signatureCard: typeof signatureCard;
  signatureChat: typeof signatureChat;
  soakCount: typeof soakCount;
  soakRows: typeof soakRows;
  stopWatch: typeof stopWatch;
  stopped: typeof stopped;
  views: typeof views;
  watchdog: typeof watchdog;
}>;
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;
