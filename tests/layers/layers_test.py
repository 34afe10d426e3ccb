#!/usr/bin/env python3
"""The negative control of layers.py: a check that finds nothing has to be seen finding something."""

import unittest

import layers


def messages(path, text):
    return [message for _, message in layers.check_text(path, text)]


class Layers(unittest.TestCase):
    def assert_refused(self, path, text, word):
        found = messages(path, text)
        self.assertEqual(len(found), 1, f"{path}: {text!r} gave {found}")
        self.assertIn(word, found[0])

    def assert_allowed(self, path, text):
        self.assertEqual(messages(path, text), [])

    def test_downward_includes_are_allowed(self):
        self.assert_allowed("core/vault/a.cpp", '#include "core/base/bytes.h"\n')
        self.assert_allowed("core/vault/a.cpp", '#include "core/store/store.h"\n')
        self.assert_allowed("app/cli/a.cpp", '#include "core/vault/vault.h"\n')
        self.assert_allowed("core/base/a.cpp", '#include "core/base/bytes.h"\n')

    def test_upward_includes_are_found(self):
        self.assert_refused("core/base/a.h", '#include "core/crypto/hash.h"\n', "downward")
        self.assert_refused("core/crypto/a.h", '#include "core/vault/policy.h"\n', "downward")
        self.assert_refused("core/vault/a.cpp", '#include "core/intake/pages.h"\n', "downward")
        self.assert_refused("core/vault/a.cpp", '#include "app/cli/main.h"\n', "downward")

    def test_siblings_do_not_know_each_other(self):
        names = ("store", "journal", "erase")
        for own in names:
            for other in names:
                if own != other:
                    self.assert_refused(
                        f"core/{own}/a.cpp", f'#include "core/{other}/x.h"\n', "downward")
        self.assert_refused("core/render/a.cpp", '#include "core/intake/x.h"\n', "downward")

    def test_the_viewer_has_no_way_to_a_key(self):
        self.assert_refused("app/viewer/a.cpp", '#include "core/crypto/aead.h"\n', "downward")
        self.assert_refused("app/viewer/a.cpp", '#include "core/vault/vault.h"\n', "downward")

    def test_odd_spacing_does_not_hide_an_include(self):
        self.assert_refused("core/base/a.h", '  #  include   "core/crypto/hash.h"\n', "downward")
        self.assert_refused("core/base/a.h", '#include"core/crypto/hash.h"\n', "downward")
        self.assert_refused("core/base/a.h", "#include <core/base/bytes.h>\n", "<>")
        self.assert_refused("core/base/a.h", '#include "../crypto/hash.h"\n', "root")

    def test_a_folder_without_a_place_is_found(self):
        self.assert_refused("core/new/a.cpp", '#include "core/base/bytes.h"\n', "no place")

    def test_the_program_does_not_know_its_tests(self):
        self.assert_refused("core/vault/a.cpp", '#include "tests/support/x.h"\n', "tests")

    def test_libraries_stay_in_their_folder(self):
        self.assert_allowed("core/store/a.cpp", "#include <sqlite3.h>\n")
        self.assert_refused("core/vault/a.cpp", "#include <sqlite3.h>\n", "core/store")
        self.assert_allowed("core/crypto/a.cpp", "#include <cryptopp/aes.h>\n")
        self.assert_refused("core/journal/a.cpp", "#include <cryptopp/sha.h>\n", "core/crypto")
        self.assert_refused("app/cli/a.cpp", "#include <crypto++/sha.h>\n", "core/crypto")
        self.assert_refused("core/vault/a.cpp", "#include <argon2.h>\n", "core/crypto")

    def test_sql_stays_in_the_store(self):
        self.assert_allowed("core/store/a.cpp", 'prepare("SELECT row FROM records");\n')
        self.assert_refused("core/vault/a.cpp", 'run("SELECT row FROM records");\n', "SQL")
        self.assert_refused("app/cli/a.cpp", 'run("DELETE FROM records");\n', "SQL")

    def test_system_calls_stay_below(self):
        for header in ("unistd.h", "fcntl.h", "sys/stat.h", "sys/mman.h", "linux/fs.h"):
            self.assert_allowed("core/base/a.cpp", f"#include <{header}>\n")
            self.assert_allowed("core/store/a.cpp", f"#include <{header}>\n")
            self.assert_refused("core/vault/a.cpp", f"#include <{header}>\n", "core/base")
            self.assert_refused("core/erase/a.cpp", f"#include <{header}>\n", "core/base")
        self.assert_allowed("core/vault/a.cpp", "#include <system_error>\n#include <span>\n")

    def test_the_desktop_has_one_folder_for_the_system(self):
        for header in ("unistd.h", "poll.h", "sys/eventfd.h", "systemd/sd-bus.h"):
            self.assert_allowed("app/desktop/platform/a.cpp", f"#include <{header}>\n")
            self.assert_refused("app/desktop/a.cpp", f"#include <{header}>\n", "platform")
            self.assert_refused("app/desktop/ui_core/a.cpp", f"#include <{header}>\n", "platform")
            self.assert_refused("app/desktop/platformer/a.h", f"#include <{header}>\n", "platform")
        self.assert_refused("app/cli/a.cpp", "#include <systemd/sd-bus.h>\n", "platform")


if __name__ == "__main__":
    unittest.main()
