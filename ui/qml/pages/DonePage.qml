pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// It is done: reference, what happens next, what to take along. In large words, where that may be two pages, what nobody must
// leave behind comes before what happens next.
PageBase {
    id: root

    readonly property bool beside: Theme.landscape && !Theme.elder && root.page.nextSteps.length > 0 && root.page.take.length > 0

    PagedColumn {
        anchors.fill: parent

        Block {
            height: root.page.reference || root.page.qr ? reference.implicitHeight : 0
            width: parent.width

            ReferenceCard {
                id: reference

                label: root.page.referenceLabel
                notes: root.page.referenceNotes
                qr: root.page.qr
                reference: root.page.reference
                width: parent.width
            }
        }
        Things {
            page: root.page
            shown: Theme.elder
        }
        Block {
            gapBefore: Theme.landscape ? 28 : 36
            height: root.page.nextSteps.length && !root.beside ? next.implicitHeight + 14 : 0
            keepWithNext: true
            width: parent.width

            Title {
                id: next

                largest: Sizes.section
                smallest: Sizes.section
                text: root.page.nextTitle
                width: parent.width
            }
        }
        Repeater {
            model: root.beside ? 0 : root.page.nextSteps.length

            Block {
                id: step

                required property int index

                gapBefore: 0
                height: point.implicitHeight
                width: parent?.width ?? 0

                PointList {
                    id: point

                    boxed: false
                    points: root.page.nextSteps[step.index] ? [root.page.nextSteps[step.index]] : []
                    width: parent.width
                }
            }
        }
        Block {
            gapBefore: 28
            height: root.beside ? pair.implicitHeight : 0
            width: parent.width

            RowLayout {
                id: pair

                spacing: 40
                visible: root.beside
                width: parent.width

                ColumnLayout {
                    Layout.alignment: Qt.AlignTop
                    Layout.fillWidth: true
                    spacing: 14

                    Title {
                        Layout.fillWidth: true
                        largest: Sizes.section
                        smallest: Sizes.section
                        text: root.page.nextTitle
                    }
                    PointList {
                        Layout.fillWidth: true
                        boxed: false
                        points: root.page.nextSteps
                    }
                }
                TakeCard {
                    Layout.fillHeight: true
                    Layout.preferredWidth: 340
                    take: root.page.take
                    tall: true
                    title: root.page.takeTitle
                }
            }
        }
        Things {
            page: root.page
            shown: !Theme.elder && !root.beside
        }
    }

    component Things: Block {
        id: things

        required property var page
        required property bool shown

        gapBefore: Theme.landscape ? 24 : 28
        height: things.shown && things.page.take.length ? take.implicitHeight : 0
        width: parent.width

        TakeCard {
            id: take

            take: things.page.take
            title: things.page.takeTitle
            width: parent.width
        }
    }
}
