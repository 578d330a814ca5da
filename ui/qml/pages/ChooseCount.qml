import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// A number, with what limits it.
PageBase {
    id: root

    used: column.used

    PagedColumn {
        id: column

        anchors.fill: parent

        Block {
            height: errors.implicitHeight
            width: parent.width

            ErrorSummary {
                id: errors

                errors: root.page.errors
                width: parent.width
            }
        }
        Block {
            height: card.implicitHeight
            width: parent.width

            Card {
                id: card

                implicitHeight: stepper.implicitHeight + 96
                width: parent.width

                ColumnLayout {
                    id: stepper

                    anchors.centerIn: parent
                    spacing: 28

                    RowLayout {
                        Layout.alignment: Qt.AlignHCenter
                        spacing: 56

                        StepperKey {
                            enabled: root.page.count > 1
                            iconName: "minus"
                            objectName: "count:less"
                            text: Words.t["stepper.less"]

                            onClicked: Flow.count(root.page.count - 1)
                        }
                        Row {
                            spacing: 12

                            Txt {
                                id: number

                                color: Theme.primary
                                font.pixelSize: Theme.elder ? 160 : 140
                                horizontalAlignment: Text.AlignRight
                                leading: 1.15
                                objectName: "count:value"
                                strong: true
                                text: root.page.count
                                width: Math.max(180, implicitWidth)
                                wrapMode: Text.NoWrap
                            }
                            Txt {
                                anchors.baseline: number.baseline
                                color: Theme.inkMuted
                                font.pixelSize: Sizes.section
                                text: root.page.countUnit
                                wrapMode: Text.NoWrap
                            }
                        }
                        StepperKey {
                            enabled: root.page.count < root.page.countMax
                            iconName: "plus"
                            objectName: "count:more"
                            text: Words.t["stepper.more"]

                            onClicked: Flow.count(root.page.count + 1)
                        }
                    }
                    QuietLink {
                        Layout.alignment: Qt.AlignHCenter
                        enabled: root.page.count < root.page.countMax
                        objectName: "count:most"
                        opacity: enabled ? 1 : 0
                        text: Words.t["stepper.most"] + " · " + root.page.countMax

                        onClicked: Flow.count(root.page.countMax)
                    }
                }
            }
        }
        Block {
            gapBefore: 32
            height: facts.implicitHeight
            width: parent.width

            FactList {
                id: facts

                facts: root.page.facts
                width: parent.width
            }
        }
    }
}
