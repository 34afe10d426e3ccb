# The Debian package: cpack in the build folder, or ./dev package, which also examines it. Included
# last, when it is known which programs there are.
set(COFFRE_MAINTAINER "The Coffre project <maintainers@coffre.example>" CACHE STRING
    "Who answers for the package, as Debian writes it")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME coffre)
set(CPACK_PACKAGE_VENDOR "The Coffre project")
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "${COFFRE_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "encrypted vault for the documents of a medical practice")
set(CPACK_PACKAGE_DESCRIPTION
"Coffre keeps the documents of a medical practice in one encrypted file that
several members of staff open, each with their own account and the rights of
their role. Every access is written into a signed journal that anybody can
verify without a password.")
set(CPACK_PACKAGING_INSTALL_PREFIX "/usr")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What no library's dependency says: the fonts of the interface, and those without which Poppler
# draws pages with text missing.
set(depends "")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS pkexec)
if(TARGET coffre)
  list(APPEND depends fonts-inter fonts-material-design-icons-iconfont)
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "dbus-user-session | dbus-x11, xdg-desktop-portal")
endif()
if(TARGET coffre-viewer)
  list(APPEND depends fonts-urw-base35 poppler-data)
endif()
list(JOIN depends ", " CPACK_DEBIAN_PACKAGE_DEPENDS)
include(CPack)
