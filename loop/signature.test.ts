import { expect, test } from '@playwright/test';
import { catalog } from './catalog/catalog.ts';
import { artifactSchema } from './contract/params.ts';
import { defaultArtifact, incompatibility } from './signature.ts';

for (const signature of catalog)
  test(`the defaults of ${signature.title} are an artifact, and fit the signature they are made for`, () => {
    const artifact = defaultArtifact(signature, { main: 'm', sub: 's', repair: 'r', judge: 'j' });
    expect(artifactSchema.parse(artifact)).toEqual(artifact);
    expect(incompatibility(signature, artifact)).toBeNull();
  });
