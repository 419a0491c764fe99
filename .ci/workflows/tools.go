//go:build tools

// Package workflows names the program that .ci/workflows/check builds: it reads GitHub's workflows as GitHub does.
package workflows

import _ "github.com/rhysd/actionlint/cmd/actionlint"
