// What the segments of a JPEG file say before its pixels: size, density, how it is to be turned,
// and whether Adobe made it (whose inks are stored inverted).
//
// Guarantees: reads inside the view only, each length checked; a damaged or missing segment leaves
// its default. Sources: ITU-T T.81 annex B, JFIF 1.02, Exif 2.32 (4.5, 4.6.4), Adobe TN 5116.
// Threads: no shared state.
#pragma once

#include "app/viewer/picture.h"

namespace coffre::viewer {

struct JpegHead {
  PictureHead picture;
  int components = 0;
  bool adobe = false;
};

// kDamaged: no frame header before the pixels.
[[nodiscard]] Result<JpegHead> read_jpeg_head(ByteView content);

// The orientation in an Exif block (after "Exif\0\0"); 1 when it says none.
[[nodiscard]] int exif_orientation(ByteView tiff);

}  // namespace coffre::viewer
