/** @jsxImportSource hono/jsx */
import { signatureById } from '../../../loop/catalog/catalog.ts';
import type { Artifact } from '../../../loop/contract/params.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { Facts } from '../pieces/facts.tsx';
import { ArtifactLink, RowLink, SignatureLink } from '../pieces/links.tsx';
import { page, Section } from '../pieces/page.tsx';
import { counted, duration, whole } from '../wording/figures.ts';
import { pageOf, shortHash, signatureName } from '../wording/links.ts';
import { plainInput, plainOutput } from '../wording/plainJson.ts';

/** What an artifact's page shows; `?format=json` answers it. */
export interface ArtifactView {
  readonly compiledId: string;
  readonly artifact: Artifact;
  readonly createdAt: number;
}

/** One artifact: the instruction, the worked examples and the limits it runs with. */
export function artifactPage({ compiledId, artifact }: ArtifactView) {
  return page({
    title: `Artifact ${shortHash(compiledId)}`,
    kicker: (
      <>
        Artifact of <SignatureLink signatureId={artifact.signatureId} />
      </>
    ),
    heading: (
      <>
        {signatureName(artifact.signatureId)} as <ArtifactLink compiledId={compiledId} />
      </>
    ),
    children: (
      <>
        <p>
          <a class="hash" href={pageOf.artifact(compiledId)}>
            <code>{compiledId}</code>
          </a>
        </p>
        <ArtifactParams artifact={artifact} />
      </>
    ),
  });
}

/** The choices an artifact holds. */
export function ArtifactParams({ artifact: { params, ...artifact } }: { artifact: Artifact }) {
  const { budgets } = params;
  return (
    <>
      <Section id="instruction" title="Instruction">
        <pre>{params.instruction}</pre>
      </Section>
      <Section
        id="examples"
        title="Worked examples in the prompt"
        lead={counted(params.fewShots.length, 'example')}
      >
        {params.fewShots.length > 0 && (
          <DataTable
            caption="Worked examples in prompt order"
            columns={[
              { head: 'Input', wide: true },
              { head: 'Answer', narrow: true },
              { head: 'Example', narrow: true },
            ]}
            rows={params.fewShots.map(shot => [
              plainInput(shot.input).main,
              <code>{plainOutput(shot.output)}</code>,
              <ShotSource signatureId={artifact.signatureId} exampleId={shot.exampleId} />,
            ])}
          />
        )}
      </Section>
      <Section id="params" title="Settings">
        <Facts
          facts={[
            ['Strategy', params.strategy],
            ['Model', params.models.main],
            ['Repair model', params.models.repair],
            ['Decoding', `${params.decode.policy}, ${counted(params.decode.maxRepairs, 'repair')} at most`],
            ['Time budget', duration(budgets.maxTimeMs)],
            ['Call budget', counted(budgets.maxLmCalls, 'model call')],
            ['Output budget', `${whole(budgets.maxOutputChars)} characters`],
            ['Input schema', <code>{artifact.inputSchemaHash}</code>],
            ['Output schema', <code>{artifact.outputSchemaHash}</code>],
            ['Prompt IR', <code>{artifact.promptIrHash}</code>],
          ]}
        />
      </Section>
    </>
  );
}

/** Where a worked example comes from: a row of the data set, or the signature itself, which ships with some. */
function ShotSource({ signatureId, exampleId }: { signatureId: string; exampleId: string }) {
  const shipped = signatureById(signatureId)?.defaults.fewShots.some(shot => shot.exampleId === exampleId);
  return shipped ? <code>{exampleId}</code> : <RowLink signatureId={signatureId} exampleId={exampleId} />;
}
